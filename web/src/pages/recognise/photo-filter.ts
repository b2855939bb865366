import { plainText } from './plain-text.ts'
import type { QueuedPhoto } from './use-photo-queue.ts'

export const FILTERS = ['all', 'known', 'unknown', 'problem'] as const
export type Filter = (typeof FILTERS)[number]

/** Whether a photo belongs under a filter and holds the words in its file's name or a name on it. */
export function matchesFilter(photo: QueuedPhoto, filter: Filter, words: string): boolean {
  if (filter !== 'all' && filter !== kindOf(photo)) return false
  const names = photo.identification?.faces.map(({ match }) => match?.person.name ?? '') ?? []
  return plainText([photo.name, ...names].join(' ')).includes(plainText(words.trim()))
}

function kindOf({ state, identification }: QueuedPhoto): Filter | null {
  if (state === 'failed') return 'problem'
  if (identification === null) return null
  return identification.faces.some(({ match }) => match !== null) ? 'known' : 'unknown'
}
