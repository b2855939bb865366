import { ApiError } from '../api/api-error.ts'
import { useFormat, useText } from '../language/language.tsx'

/** Tells what went wrong in a sentence: the server's own where it gave one. */
export function useProblem(): (error: unknown) => string {
  const { problems } = useText()
  const format = useFormat()
  return (error) => {
    if (!(error instanceof ApiError)) return problems.unknown
    if (error.code === 'unreachable') return problems.unreachable
    if (error.message === '') return problems.unknown
    const wait = error.details.retry_after_seconds
    const again = typeof wait === 'number' && wait > 1 ? ` ${problems.retryAfter(format.duration(wait))}` : ''
    return error.message + again
  }
}
