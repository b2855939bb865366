import { useMemo, useSyncExternalStore } from 'react'

/*
 * Where one is stands after the # of the address: the server never sees it, so that names one searches for are in no
 * log, and reloading or sending the address shows the same.
 */

export interface Route {
  /** `#/people/42?page=2` is `['people', '42']`. */
  readonly path: readonly string[]
  readonly params: URLSearchParams
}

export type Params = Readonly<Record<string, string | number | undefined>>

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  return { path: path.split('/').filter(Boolean).map(decodePart), params: new URLSearchParams(query) }
}

/** `hrefOf('people', 42)`, `hrefOf(['people'], { page: 2 })`: for the href of a link. Empty parameters are left out. */
export function hrefOf(path: readonly (string | number)[], params: Params = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== '') query.set(name, String(value))
  const text = query.toString()
  return `#/${path.map((part) => encodeURIComponent(part)).join('/')}${text === '' ? '' : `?${text}`}`
}

export function navigate(href: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') {
    location.hash = href
    return
  }
  history.replaceState(null, '', href)
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  return useMemo(() => parseRoute(hash), [hash])
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
