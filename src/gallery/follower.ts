import { ChangesGone, isRefusal } from '../domain/errors.ts'
import type { GalleryChange } from '../domain/gallery.ts'
import type { TemplateLog } from '../domain/records.ts'
import type { GalleryEngine, LogLine } from './engine.ts'
import { sweep } from './sweep.ts'

/*
 * Keeps an engine in step with the change log.
 *
 * Filling from the records goes on while others write: the revision R is read first, then the templates page by page,
 * then every change after R is replayed. That converges, because a change says what an image *is now* (there, with this
 * template; or gone), not how it differs from before:
 *   - an image that no change after R concerns was read by its page as it stood at R, and stands so still;
 *   - for any other image the last change after R decides, whatever its page showed, because replaying a change twice,
 *     or over a state that already holds it, leaves the state that the change describes.
 * A snapshot is a state as of its revision, so only what came after it is replayed.
 *
 * Every change, whoever asks for it, goes through `#pass`, and at most one pass runs at any time: changes are applied in
 * the order of the log and never twice.
 *
 * A rebuild reads the pages while passes go on. A page may then be older than changes that were applied since it was
 * read, so whatever an applied change concerned since the rebuild began is left as the change left it; everything else
 * is as its page says, and changes that are yet to come will say what they say.
 */

/** Time between two looks at the change log, by which others' changes become visible here. */
export const POLL_INTERVAL_MS = 250
/** Changes read from the log at once. */
export const CHANGES_PER_READ = 1_000
/** Changes applied before the event loop gets its turn. */
export const CHANGES_PER_TURN = 64

export interface FollowerStatus {
  readonly revision: number
  /** Newest revision of the change log that was seen, minus the one visible here. */
  readonly pendingChanges: number
  /** When this gallery was last known to hold everything that was committed; null before that. */
  readonly inStepAt: Date | null
}

/** Where a gallery may be had faster than from the records. */
export interface SnapshotSupply {
  /** Fills an empty engine, with nothing newer than the revision. Says whether it could. */
  load(newestRevision: number): Promise<boolean>
}

/** What was changed since a rebuild began. */
interface Touched {
  readonly images: Set<number>
  readonly people: Set<number>
  everything: boolean
}

export class GalleryFollower {
  readonly #engine: GalleryEngine
  readonly #log: TemplateLog
  readonly #modelId: string
  readonly #say: LogLine
  #running: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #closed = false
  #history = ''
  #newestSeen = 0
  #inStepAt: Date | null = null
  #touched: Touched | null = null

  constructor(engine: GalleryEngine, log: TemplateLog, modelId: string, say: LogLine) {
    this.#engine = engine
    this.#log = log
    this.#modelId = modelId
    this.#say = say
  }

  /** Names the history that the engine's revision counts in. */
  get history(): string {
    return this.#history
  }

  /** Fills an empty engine from a snapshot or from the records, and replays what was written meanwhile. */
  async fill(snapshots?: SnapshotSupply): Promise<void> {
    this.#history = await this.#log.history()
    const isLoaded = (await snapshots?.load(await this.#log.revision())) ?? false
    if (!isLoaded) await this.#reload()
    await this.catchUp()
  }

  /** Looks at the change log from now on until `close`. */
  follow(): void {
    if (this.#closed || this.#timer !== null) return
    this.#timer = setTimeout(() => void this.#poll(), POLL_INTERVAL_MS)
    this.#timer.unref()
  }

  /**
   * Resolves when every change up to `revision` (the newest committed one, where none is given) is visible to searches.
   * @throws Error when the change log ends before `revision`
   */
  async catchUp(revision?: number): Promise<void> {
    const askedAt = new Date()
    const target = revision ?? (await this.#log.revision())
    if (target > this.#newestSeen) this.#newestSeen = target
    // A pass that already runs may have read the log before `target` was committed; the one after it has not.
    if (this.#engine.revision < target && this.#running !== null) await this.#running.catch(() => {})
    if (this.#engine.revision < target) await this.#pass()
    const reached = this.#engine.revision
    if (reached < target) throw new Error(`the change log ends at revision ${reached}, before ${target}`)
    if (revision === undefined) this.#inStepAt = askedAt
  }

  /**
   * Compares everything with the records and puts right what differs, while searches and changes go on.
   * @returns how many templates differed
   */
  async rebuild(): Promise<number> {
    if (this.#touched !== null) throw new Error('a rebuild is under way')
    const touched: Touched = { images: new Set(), people: new Set(), everything: false }
    this.#touched = touched
    try {
      return await sweep(this.#engine, {
        log: this.#log,
        modelId: this.#modelId,
        say: this.#say,
        isSuperseded: ({ imageId, classId }) =>
          touched.everything || touched.images.has(imageId) || (classId !== null && touched.people.has(classId)),
      })
    } finally {
      this.#touched = null
    }
  }

  status(): FollowerStatus {
    const { revision } = this.#engine
    return { revision, pendingChanges: Math.max(0, this.#newestSeen - revision), inStepAt: this.#inStepAt }
  }

  /** Stops looking, and lets a pass that runs come to its end. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    await this.#running?.catch(() => {})
  }

  #pass(): Promise<void> {
    this.#running ??= this.#applyNewer().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #applyNewer(): Promise<void> {
    for (;;) {
      const changes = await this.#newerChanges()
      for (const [index, change] of changes.entries()) {
        if (index > 0 && index % CHANGES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
        this.#apply(change)
      }
      this.#newestSeen = Math.max(this.#newestSeen, changes.at(-1)?.revision ?? 0)
      if (changes.length < CHANGES_PER_READ) break
    }
    this.#inStepAt = new Date()
  }

  async #newerChanges(): Promise<readonly GalleryChange[]> {
    const read = () => this.#log.changesAfter(this.#engine.revision, this.#modelId, CHANGES_PER_READ)
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof ChangesGone)) throw error
      this.#say('the change log does not reach back to the gallery: loading again', { revision: this.#engine.revision })
      await this.#reload()
      return await read()
    }
  }

  /** Makes the engine hold what the records hold, whatever it held, as of a revision from which changes can be replayed. */
  async #reload(): Promise<void> {
    const history = await this.#log.history()
    const revision = await this.#log.revision()
    await sweep(this.#engine, { log: this.#log, modelId: this.#modelId, say: this.#say, isSuperseded: () => false })
    this.#history = history
    this.#newestSeen = revision
    this.#engine.resumeAt(revision)
  }

  #apply(change: GalleryChange): void {
    if (this.#touched !== null) touch(this.#touched, change)
    try {
      this.#engine.apply(change)
    } catch (error) {
      if (change.kind !== 'put' || !isRefusal(error, 'template-invalid')) throw error
      // What stood there before is no longer true either, and one bad row must not stop all that come after it.
      this.#say('a stored template is unfit and was left out', { imageId: change.imageId, reason: error.message })
      this.#engine.apply({ kind: 'remove', revision: change.revision, imageId: change.imageId })
    }
  }

  async #poll(): Promise<void> {
    try {
      // A backup that is restored under a running server starts another history.
      if ((await this.#log.history()) !== this.#history) await this.#followOtherHistory()
      await this.catchUp()
    } catch (error) {
      this.#say('the change log could not be followed; trying again', { error: String(error) })
    }
    this.#timer = null
    this.follow()
  }

  async #followOtherHistory(): Promise<void> {
    while (this.#running !== null) await this.#running.catch(() => {})
    this.#say('the records were restored: loading the gallery again', {})
    this.#running = this.#reload().finally(() => {
      this.#running = null
    })
    await this.#running
  }
}

function touch(touched: Touched, change: GalleryChange): void {
  if (change.kind === 'put' || change.kind === 'remove') touched.images.add(change.imageId)
  else if (change.kind === 'remove-person') touched.people.add(change.classId)
  else if (change.kind === 'clear') touched.everything = true
}
