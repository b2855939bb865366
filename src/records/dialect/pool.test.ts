import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'

const POOL_SIZE = 2
const ASKED_AT_ONCE = 6

describeEachDatabase('how connections are used', (database) => {
  it('is told while they work and while others wait for them, and comes to rest', async () => {
    const records = await database.open({ mysql: { poolSize: POOL_SIZE } })
    const atRest = {
      kind: database.kind,
      pool: database.kind === 'mysql' ? { max: POOL_SIZE, busy: 0, waiting: 0 } : null,
    }
    expect(records.status()).toEqual(atRest)
    const all = Promise.all(Array.from({ length: ASKED_AT_ONCE }, () => records.ping()))
    let most = 0
    for (let done = false; !done; ) {
      const { pool } = records.status()
      most = Math.max(most, (pool?.busy ?? 0) + (pool?.waiting ?? 0))
      expect(pool?.busy ?? 0).toBeLessThanOrEqual(POOL_SIZE)
      done = await Promise.race([all.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))])
    }
    expect(most > 0).toBe(database.kind === 'mysql')
    expect(most).toBeLessThanOrEqual(ASKED_AT_ONCE)
    expect(records.status()).toEqual(atRest)
  })
})
