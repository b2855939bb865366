import { type KeyboardEvent, type RefObject, useEffect } from 'react'

/** Marks the links that the arrow keys go through. */
export const ROW_LINK = 'data-row-link'

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

/**
 * Work without a mouse: "/" goes to the search, the arrows from there through the rows, Escape back to it.
 * @returns to be given the key presses of what holds both
 */
export function useRowKeys(search: RefObject<HTMLInputElement | null>): (event: KeyboardEvent<HTMLElement>) => void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest('input, textarea, select, [role=dialog]')
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      search.current?.focus()
      search.current?.select()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [search])

  return (event) => {
    const { target, currentTarget, key } = event
    if (!(target instanceof HTMLElement)) return
    const links = [...currentTarget.querySelectorAll<HTMLElement>(`[${ROW_LINK}]`)]
    const at = links.indexOf(target)
    const step = STEPS[key]
    if (key === 'Escape' && at >= 0) search.current?.focus()
    if (step === undefined || (at < 0 && target !== search.current)) return
    const next = target === search.current ? (step > 0 ? links[0] : undefined) : (links[at + step] ?? search.current)
    if (next === undefined || next === null) return
    event.preventDefault()
    next.focus()
  }
}
