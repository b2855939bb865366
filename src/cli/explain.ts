import { ConfigProblem } from '../config/load.ts'
import { isRefusal } from '../domain/errors.ts'

/** What went wrong, for a terminal: a sentence where somebody can do something about it, the stack of a fault. */
export function explain(error: unknown): string {
  if (isRefusal(error)) {
    const facts = Object.entries(error.details).map(([key, value]) => `${key} ${describe(value)}`)
    return `nhandien: ${[error.code, ...facts].join(', ')}`
  }
  if (error instanceof ConfigProblem) return `nhandien: ${error.message}`
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return `nhandien: ${error.message}`
  return `nhandien: a fault of the program\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

function describe(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
