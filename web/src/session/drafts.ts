/*
 * Unsaved work that survives signing in again. Photos can't be put into sessionStorage, so drafts go to IndexedDB, and
 * only while one is on the page for signing in: faces are not left lying about in a browser.
 */
const DATABASE = 'nhandien'
const STORE = 'drafts'
const AGE_MS_MAX = 3_600_000

interface Draft {
  readonly username: string | null
  readonly at: number
  readonly content: unknown
}

/** Asked of the window before it is left; listeners add what they hold. */
class DraftsWanted extends Event {
  static readonly type = 'nhandien-drafts-wanted'
  readonly drafts = new Map<string, unknown>()

  constructor() {
    super(DraftsWanted.type)
  }
}

/**
 * Offers what a form holds for the case that the session ends. @param content null where there is nothing to keep
 * @returns ends the offer
 */
export function offerDraft(name: string, content: () => unknown): () => void {
  const onWanted = (event: Event) => {
    const held = content()
    if (event instanceof DraftsWanted && held !== null) event.drafts.set(name, held)
  }
  window.addEventListener(DraftsWanted.type, onWanted)
  return () => window.removeEventListener(DraftsWanted.type, onWanted)
}

/** Keeps what all forms offer, for the account whose session ended. */
export async function keepDrafts(username: string | null): Promise<void> {
  const wanted = new DraftsWanted()
  window.dispatchEvent(wanted)
  for (const [name, content] of wanted.drafts) {
    const draft: Draft = { username, at: Date.now(), content }
    // A form that can't be copied must not keep the others from being kept, nor one from signing in.
    await withStore((store) => store.put(draft, name)).catch(() => undefined)
  }
}

/** What was kept under the name for the account, or null; it is forgotten as it is taken. */
export async function takeDraft(name: string, username: string): Promise<unknown> {
  const draft = await withStore((store) => {
    const request = store.get(name)
    store.delete(name)
    return request
  }).catch(() => undefined)
  if (!isDraft(draft) || draft.username !== username || Date.now() - draft.at > AGE_MS_MAX) return null
  return draft.content
}

export async function forgetDrafts(): Promise<void> {
  await withStore((store) => store.clear()).catch(() => undefined)
}

function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && 'username' in value && 'at' in value && 'content' in value
}

async function withStore<T>(work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite')
      const request = work(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = () => reject(transaction.error)
    })
  } finally {
    database.close()
  }
}
