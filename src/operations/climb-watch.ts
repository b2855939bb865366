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
/** The least recent is forgotten first. */
const CALLERS_MAX = 2_000
const PEOPLE_PER_CALLER_MAX = 64

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
      putLast(callers, key, caller, CALLERS_MAX)
      const seen = new Set<number>()
      for (const { classId, score } of scores) {
        if (seen.has(classId)) continue
        seen.add(classId)
        const climb = step(caller.climbs.get(classId), score, threshold, nowMs())
        putLast(caller.climbs, classId, climb, PEOPLE_PER_CALLER_MAX)
        if (!climb.beganBelow || climb.rises < RISES_MAX) continue
        caller.climbs.delete(classId)
        caller.refusedUntilMs = nowMs() + REFUSED_MS
        await audit.append('score-climb', `person:${classId}`, { rises: climb.rises }, actor)
      }
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

function putLast<K, V>(map: Map<K, V>, key: K, value: V, sizeMax: number): void {
  map.delete(key)
  map.set(key, value)
  const [first] = map.keys()
  if (map.size > sizeMax && first !== undefined) map.delete(first)
}
