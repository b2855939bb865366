import { type Actor, networkOf } from '../domain/account.ts'
import type { AuditRecords } from '../domain/audit-records.ts'
import { Refusal } from '../domain/errors.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000
/**
 * New best scores after which a row of answers about one person is no chance: of n photos that have nothing to do with
 * each other about ln n beat all before them (12 of 100,000, standard deviation 3), of a climber's a third.
 */
const RISES_MAX = 30
/** Without an answer about the person in between, a row of answers ends. */
const PAUSE_MS = HOUR_MS
const REFUSED_MS = HOUR_MS
/** The least recent is forgotten first, also where all together were told about too many. */
const CALLERS_MAX = 2_000
const CLIMBS_MAX = 200_000
/** Those with the fewest rises are forgotten first: whoever asks about others in between is not forgotten to climb. */
const PEOPLE_PER_CALLER_MAX = 4_096
/** Of the most, so that not every answer has to choose. */
const PEOPLE_LEFT = 3_584

/** What a caller was told about a person, best first. */
export interface ToldScore {
  readonly classId: number
  readonly score: number
}

interface Climb {
  readonly beganBelow: boolean
  best: number
  rises: number
  lastMs: number
}

interface Caller {
  readonly climbs: Map<number, Climb>
  refusedUntilMs: number
}

/**
 * Notices who climbs towards a person by changing a photo a little again and again and keeping what scores higher
 * (ISO/IEC 24745: hill-climbing). Accounts are told apart by their names, others by their networks.
 */
export function climbWatch(audit: Pick<AuditRecords, 'append'>, nowMs = () => performance.now()) {
  const callers = new Map<string, Caller>()

  return {
    /** @throws Refusal `too-many-requests` to whoever was noticed within the last hour */
    admit(actor: Actor): void {
      const leftMs = (callers.get(keyOf(actor))?.refusedUntilMs ?? 0) - nowMs()
      if (leftMs > 0) throw new Refusal('too-many-requests', { retryAfterSeconds: Math.ceil(leftMs / SECOND_MS) })
    },

    /** Notes what is about to be told; a climb goes into the audit log, and its caller is told nothing more. */
    async note(actor: Actor, scores: readonly ToldScore[], threshold: number): Promise<void> {
      const key = keyOf(actor)
      const caller = callers.get(key) ?? { climbs: new Map(), refusedUntilMs: 0 }
      callers.delete(key)
      callers.set(key, caller)
      const seen = new Set<number>()
      for (const { classId, score } of scores) {
        if (seen.has(classId)) continue
        seen.add(classId)
        const climb = step(caller.climbs.get(classId), score, threshold, nowMs())
        caller.climbs.set(classId, climb)
        if (!climb.beganBelow || climb.rises < RISES_MAX) continue
        caller.climbs.delete(classId)
        caller.refusedUntilMs = nowMs() + REFUSED_MS
        await audit.append('score-climb', `person:${classId}`, { rises: climb.rises }, actor)
      }
      forgetLeast(caller.climbs, nowMs())
      forgetCallers(callers)
      this.admit(actor)
    },
  }
}

export type ClimbWatch = ReturnType<typeof climbWatch>

function keyOf({ username, address }: Actor): string {
  return username === null ? `network ${networkOf(address ?? '')}` : `account ${username}`
}

function step(climb: Climb | undefined, score: number, threshold: number, nowMs: number): Climb {
  if (climb === undefined || nowMs - climb.lastMs > PAUSE_MS)
    return { beganBelow: score <= threshold, best: score, rises: 0, lastMs: nowMs }
  climb.lastMs = nowMs
  if (score > climb.best) {
    climb.best = score
    climb.rises++
  }
  return climb
}

function forgetLeast(climbs: Map<number, Climb>, nowMs: number): void {
  if (climbs.size <= PEOPLE_PER_CALLER_MAX) return
  const isOver = ({ lastMs }: Climb) => nowMs - lastMs > PAUSE_MS
  const worth = (climb: Climb) => (isOver(climb) ? -1 : climb.rises)
  const order = [...climbs].sort(([, a], [, b]) => worth(a) - worth(b) || a.lastMs - b.lastMs)
  for (const [classId] of order.slice(0, climbs.size - PEOPLE_LEFT)) climbs.delete(classId)
}

function forgetCallers(callers: Map<string, Caller>): void {
  let climbs = 0
  for (const caller of callers.values()) climbs += caller.climbs.size
  for (const [key, caller] of callers) {
    if (climbs <= CLIMBS_MAX && callers.size <= CALLERS_MAX) return
    climbs -= caller.climbs.size
    callers.delete(key)
  }
}
