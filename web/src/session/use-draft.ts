import { useEffect, useEffectEvent } from 'react'
import { offerDraft, takeDraft } from './drafts.ts'
import { useSession } from './session.tsx'

/**
 * Lets what a form holds survive a session that ends in mid-work.
 * @param content what should be kept; null where nothing is worth it. Files and blobs may be in it
 * @param restore given what was kept, once, when the form appears again for the same account; check its shape
 */
export function useDraft(name: string, content: () => unknown, restore: (content: unknown) => void): void {
  const username = useSession()?.username ?? null
  const restored = useEffectEvent(restore)
  useOfferedDraft(name, content)
  useEffect(() => {
    if (username === null) return
    let gone = false
    const take = async () => {
      const kept = await takeDraft(name, username)
      if (kept !== null && !gone) restored(kept)
    }
    void take()
    return () => {
      gone = true
    }
  }, [name, username])
}

/** The first half of it: keeps, where another component restores. */
export function useOfferedDraft(name: string, content: () => unknown): void {
  const current = useEffectEvent(content)
  useEffect(() => offerDraft(name, () => current()), [name])
}
