import type { AccountRecords } from '../domain/account-records.ts'
import type { TemplateLog } from '../domain/records.ts'

export interface HousekeepingParts {
  readonly accounts: Pick<AccountRecords, 'purgeSessions'>
  readonly templates: Pick<TemplateLog, 'pruneChanges'>
}

export interface Housekeeping {
  readonly sessionsForgotten: number
  readonly changesForgotten: number
}

/** Newest changes that galleries follow; one that is further behind loads everything again. */
const CHANGES_KEPT = 1_000_000
const EVERY_MS = 15 * 60_000

/** Forgets what nobody may use any more: expired sessions, old failures to sign in, changes everybody has followed. */
export async function keepHouse({ accounts, templates }: HousekeepingParts): Promise<Housekeeping> {
  const sessionsForgotten = await accounts.purgeSessions()
  const changesForgotten = await templates.pruneChanges(CHANGES_KEPT)
  return { sessionsForgotten, changesForgotten }
}

/** Keeps house now and then until the answer is called. A database that is away is left alone until the next time. */
export function keepHouseRegularly(parts: HousekeepingParts, onFault: (error: unknown) => void): () => Promise<void> {
  let underWay: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    underWay = underWay.then(() => keepHouse(parts)).catch(onFault)
  }, EVERY_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
