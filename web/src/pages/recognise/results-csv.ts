import { type Cell, csvOf } from '../../download/csv.ts'
import type { Messages } from '../../locales/vi.ts'
import type { QueuedPhoto } from './use-photo-queue.ts'

/** One line for every face of every photo, one for a photo that could not be used. */
export function resultsCsv(
  photos: readonly QueuedPhoto[],
  head: Messages['recognise']['csv'],
  problem: (error: unknown) => string,
): string {
  const lines = photos.flatMap(({ name, state, identification, error }): Cell[][] => {
    if (state === 'failed') return [[name, null, null, null, null, null, problem(error)]]
    return (identification?.faces ?? []).map(({ match }, index) => [
      name,
      index + 1,
      match?.person.id ?? null,
      match?.person.name ?? null,
      match?.score ?? null,
      identification?.threshold ?? null,
      null,
    ])
  })
  return csvOf([[head.file, head.face, head.id, head.name, head.score, head.threshold, head.problem], ...lines])
}
