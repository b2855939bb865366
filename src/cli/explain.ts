import { inspect } from 'node:util'
import { ConfigProblem } from '../config/load.ts'
import { isRefusal, type RefusalDetails, ServerMisconfigured } from '../domain/errors.ts'
import { FormatError } from '../formats/format-error.ts'
import { refusalSentence } from '../http/wire/error.ts'
import { LoadTestProblem } from '../loadtest/problem.ts'
import { BackupUnsound } from '../records/backup/read-backup.ts'
import { DatabaseNotEmpty } from '../records/backup/restore-backup.ts'

/** Their messages say what to do. */
const EXPLAINED = [
  ConfigProblem,
  ServerMisconfigured,
  FormatError,
  BackupUnsound,
  DatabaseNotEmpty,
  LoadTestProblem,
] as const

/** What went wrong, for a terminal: a sentence where somebody can do something about it, the stack of a fault. */
export function explain(error: unknown): string {
  if (isRefusal(error)) return `nhandien: ${refusalSentence(error, 'en')}${facts(error.details)}${cause(error)}`
  if (EXPLAINED.some((kind) => error instanceof kind) && error instanceof Error) return `nhandien: ${error.message}`
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return `nhandien: ${error.message}`
  return `nhandien: a fault of the program\n${inspect(error)}`
}

function facts(details: RefusalDetails): string {
  const told = Object.entries(details).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return told.length === 0 ? '' : ` (${told.join(', ')})`
}

/** Why a part is of no use, in the words of that part: on a terminal that is what has to be mended. */
function cause({ cause: reason }: Error): string {
  return reason instanceof Error ? `: ${reason.message}` : ''
}
