import type { ReportParts } from './report-parts.ts'

export type Part = 'database' | 'models' | 'index' | 'draining'

export interface Readiness {
  readonly ready: boolean
  /** What is unusable. */
  readonly failing: readonly Part[]
  /** What works, but not as it should. */
  readonly strained: readonly ('workers' | 'index')[]
  /** Round trip to the database, milliseconds; null where it does not answer. */
  readonly databaseMs: number | null
}

/** How far behind the records a gallery may be before it counts as strained, and as unusable. */
const LAG_MS = { strained: 5_000, unusable: 60_000 }

type ReadinessParts = Pick<ReportParts, 'records' | 'extractor' | 'following' | 'limits' | 'clock' | 'closed'>

/** Whether everything that a request may need is usable. Whatever is wrong is an answer, never thrown. */
export function readinessChecker({ records, extractor, following, limits, clock, closed }: ReadinessParts) {
  return async function readiness(): Promise<Readiness> {
    const failing: Part[] = []
    const strained: Readiness['strained'][number][] = []
    if (closed()) failing.push('draining')
    const { workers, crashLoop } = extractor.status()
    if (workers === 0 || crashLoop) failing.push('models')
    else if (workers < limits.workers) strained.push('workers')
    // A database that was closed or is broken in a way nobody foresaw is as unusable as one that is away.
    const databaseMs = await records.ping().catch(() => null)
    if (databaseMs === null) failing.push('database')
    const lagMs = lagOf(following().inStepAt, clock())
    if (lagMs > LAG_MS.unusable) failing.push('index')
    else if (lagMs > LAG_MS.strained) strained.push('index')
    return { ready: failing.length === 0, failing, strained, databaseMs }
  }
}

/** For how long the gallery may have missed changes, milliseconds. */
export function lagOf(inStepAt: Date | null, now: Date): number {
  return inStepAt === null ? Number.POSITIVE_INFINITY : Math.max(0, now.getTime() - inStepAt.getTime())
}
