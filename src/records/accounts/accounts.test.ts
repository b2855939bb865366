import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import { ACTOR } from '../../../test/records/samples.ts'
import type { Role } from '../../domain/account.ts'
import { LOCK_MS_MAX } from '../../domain/account-records.ts'
import type { Records } from '../../domain/records.ts'

const START = new Date('2026-05-01T12:00:00Z')
const LATER_MS = 3_600_000

async function add(records: Records, username: string, role: Role): Promise<void> {
  await records.accounts.create({ username, role, passwordHash: `hash of ${username}` }, ACTOR)
}

function inAnHour(from: Date): Date {
  return new Date(from.getTime() + LATER_MS)
}

describeEachDatabase('accounts', (database) => {
  it('are one account in every case, and names that look alike are taken', async () => {
    const records = await database.open()
    await add(records, 'Minh', 'editor')
    expect(await records.accounts.account('mINH')).toMatchObject({ username: 'Minh', role: 'editor', disabled: false })
    expect(await records.accounts.account('mình')).toBeNull()
    for (const taken of ['minh', 'Mình', 'MINH ', 'mi\u0301nh'])
      await expect(add(records, taken, 'viewer')).rejects.toThrow('username-taken')
    expect(await records.accounts.account("' or 1=1 --")).toBeNull()
    expect(await records.accounts.count()).toBe(1)
  })

  it('are made once when several make one at the same time', async () => {
    const records = await database.open()
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => add(records, 'minh', 'viewer')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(String(outcome.reason)).toContain('username-taken')
  })

  it('always have an administrator who can sign in', async () => {
    const records = await database.open()
    const { accounts } = records
    await add(records, 'a', 'admin')
    await add(records, 'b', 'editor')
    for (const attempt of [
      () => accounts.remove('a', ACTOR),
      () => accounts.setRole('a', 'editor', ACTOR),
      () => accounts.setDisabled('a', true, ACTOR),
    ])
      await expect(attempt()).rejects.toThrow('last-admin')
    await accounts.setRole('b', 'admin', ACTOR)
    await accounts.setDisabled('b', true, ACTOR)
    await expect(accounts.remove('a', ACTOR)).rejects.toThrow('last-admin')
    await accounts.setDisabled('b', false, ACTOR)
    await accounts.remove('a', ACTOR)
    expect((await accounts.list()).map(({ username, role }) => [username, role])).toEqual([['b', 'admin']])
    await expect(accounts.remove('a', ACTOR)).rejects.toThrow('account-not-found')
  })

  it('keep one administrator of those who remove each other at the same time', async () => {
    const records = await database.open()
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) await add(records, name, 'admin')
    const outcomes = await Promise.allSettled(names.map((name) => records.accounts.remove(name, ACTOR)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(await records.accounts.count()).toBe(1)
  })

  it('have sessions that expire, idle out, and end at once', async () => {
    let now = START
    const records = await database.open({ clock: () => now, sessionIdleMs: LATER_MS / 2 })
    const { accounts } = records
    await add(records, 'minh', 'editor')
    for (const token of ['t1', 't2', 't3']) await accounts.openSession('MINH', token, inAnHour(START), ACTOR)
    expect(await accounts.session('t1')).toEqual({ username: 'minh', role: 'editor', expiresAt: inAnHour(START) })
    expect(await accounts.session('unknown')).toBeNull()
    await accounts.closeSession('t3', ACTOR)
    expect(await accounts.session('t3')).toBeNull()
    now = new Date(START.getTime() + LATER_MS * 0.4)
    expect(await accounts.session('t1')).not.toBeNull()
    now = new Date(START.getTime() + LATER_MS * 0.8)
    expect(await accounts.session('t1')).not.toBeNull()
    await expect(accounts.session('t2')).rejects.toThrow('token-expired')
    await accounts.setRole('minh', 'viewer', ACTOR)
    expect((await accounts.session('t1'))?.role).toBe('viewer')
    now = inAnHour(START)
    await expect(accounts.session('t1')).rejects.toThrow('token-expired')
    now = new Date(START.getTime() + 30 * 24 * LATER_MS)
    expect(await accounts.purgeSessions()).toBe(2)
    expect(await accounts.session('t1')).toBeNull()
  })

  it('lose sessions with a new password but for one, and all when disabled, revoked or removed', async () => {
    const records = await database.open()
    const { accounts } = records
    await add(records, 'admin', 'admin')
    await add(records, 'minh', 'editor')
    const open = async (...tokens: string[]) => {
      for (const token of tokens) await accounts.openSession('minh', token, inAnHour(new Date()), ACTOR)
    }
    const alive = async (...tokens: string[]) => {
      const sessions = await Promise.all(tokens.map((token) => accounts.session(token)))
      return sessions.map((session) => session !== null)
    }
    await open('a', 'b')
    await accounts.setPassword('minh', 'new hash', 'b', ACTOR)
    expect(await alive('a', 'b')).toEqual([false, true])
    await accounts.upgradePassword('minh', 'not the stored one', 'x', ACTOR)
    expect((await accounts.account('minh'))?.passwordHash).toBe('new hash')
    await accounts.upgradePassword('minh', 'new hash', 'better hash', ACTOR)
    expect((await accounts.account('minh'))?.passwordHash).toBe('better hash')
    expect(await alive('b')).toEqual([true])
    expect(await accounts.closeSessions('minh', ACTOR)).toBe(1)
    await open('c')
    await accounts.setDisabled('minh', true, ACTOR)
    await accounts.setDisabled('minh', false, ACTOR)
    await open('d')
    await accounts.remove('minh', ACTOR)
    expect(await alive('b', 'c', 'd')).toEqual([false, false, false])
  })

  it('count failed sign-ins of name, address and pair, known or not, also at the same time', async () => {
    let now = START
    const { accounts } = await database.open({ clock: () => now })
    await accounts.create({ username: 'minh', role: 'admin', passwordHash: 'x' }, ACTOR)
    const elsewhere = { ...ACTOR, address: '198.51.100.1' }
    const until = new Date(START.getTime() + LOCK_MS_MAX)
    await Promise.all(['minh', 'MINH', 'minh', 'ghost'].map((name) => accounts.refuseSignIn(name, ACTOR)))
    await accounts.refuseSignIn('minh', elsewhere, { account: until, pair: until })
    const counts = async (name: string, address: string | null) => {
      const { account, address: from, pair } = await accounts.signInHistory(name, address)
      return [account.count, from.count, pair.count]
    }
    expect(await counts('minh', ACTOR.address)).toEqual([4, 4, 3])
    expect(await counts('ghost', elsewhere.address)).toEqual([1, 1, 0])
    expect(await counts('minh', null)).toEqual([4, 0, 0])
    expect((await accounts.account('minh'))?.lockedUntil).toEqual(until)
    await accounts.openSession('minh', 'token', until, ACTOR)
    expect(await counts('minh', ACTOR.address)).toEqual([4, 4, 0])
    expect((await accounts.signInHistory('minh', ACTOR.address)).pair.lastGoodAt).toEqual(START)
    await accounts.forgiveFailures('minh', ACTOR)
    expect(await counts('minh', elsewhere.address)).toEqual([0, 1, 0])
    expect((await accounts.account('minh'))?.lockedUntil).toBeNull()
    now = new Date(START.getTime() + 25 * LATER_MS)
    expect(await counts('ghost', ACTOR.address)).toEqual([0, 0, 0])
  })
})
