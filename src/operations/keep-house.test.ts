import { expect, test, vi } from 'vitest'
import { GOOD_PASSWORD, HERE, openAccounts } from '../../test/accounts/open-accounts.ts'
import { refusalOf } from '../../test/accounts/refusal-of.ts'
import { describeEachDatabase } from '../../test/records/each-database.ts'
import { keepHouse, keepHouseRegularly } from './keep-house.ts'

describeEachDatabase('keeping house', (database) => {
  test('forgets sessions that ended long ago, and no others', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    const old = await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    accounts.pass({ days: 30 })
    const fresh = await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    expect(await keepHouse(accounts.records)).toEqual({ sessionsForgotten: 1, changesForgotten: 0 })
    expect((await refusalOf(accounts.door.authenticate(old.token))).code).toBe('token-invalid')
    expect((await accounts.door.authenticate(fresh.token)).username).toBe('lan')
  })
})

test('goes on after a fault, and ends when it is told to', async () => {
  vi.useFakeTimers()
  try {
    let attempts = 0
    const faults: unknown[] = []
    const away = {
      accounts: {
        purgeSessions: async () => {
          attempts++
          throw new Error('the database is away')
        },
      },
      templates: { pruneChanges: async () => 0 },
    }
    const stop = keepHouseRegularly(away, (fault) => faults.push(fault))
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(attempts).toBe(4)
    expect(faults).toHaveLength(4)
    await stop()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(attempts).toBe(4)
  } finally {
    vi.useRealTimers()
  }
})
