import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import { rawSql } from '../../../test/records/raw-sql.ts'
import { ACTOR, fieldsOf, imageOf } from '../../../test/records/samples.ts'
import type { Records } from '../../domain/records.ts'

const FIRST_PAGE = { page: 1, pageSize: 50 }
const NOBODY = { username: null, address: null, requestId: null }

/** Six rows: enrol, edit, sign-in refused, export, enrol, remove. */
async function someHistory(records: Records): Promise<void> {
  await records.people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1)], ACTOR)
  await records.people.editPerson(1, { name: 'Ân' }, ACTOR)
  await records.accounts.refuseSignIn('nobody', NOBODY)
  await records.audit.append('export', 'person:1', { rows: 1 }, ACTOR)
  await records.people.enrol({ classId: 2, fields: fieldsOf('Bình') }, [imageOf(2)], ACTOR)
  await records.people.removeImage(2, ACTOR)
}

describeEachDatabase('the audit log', (database) => {
  it('says who did what to whom, when, from where and how it ended', async () => {
    let now = new Date('2026-01-01T00:00:00.123Z')
    const records = await database.open({ clock: () => now })
    await records.people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1)], ACTOR)
    now = new Date('2026-01-02T00:00:00Z')
    await records.accounts.refuseSignIn('eve', NOBODY, { account: new Date('2026-01-02T00:01:00Z') })
    const { rows, total } = await records.audit.list({}, FIRST_PAGE)
    expect(total).toBe(2)
    expect(rows[0]).toMatchObject({ action: 'sign-in', outcome: 'refused', username: null, target: 'account:eve' })
    expect(rows[1]).toEqual({
      id: 1,
      at: new Date('2026-01-01T00:00:00.123Z'),
      username: 'tester',
      action: 'enrol',
      target: 'person:1',
      address: '192.0.2.7',
      requestId: 'request-1',
      outcome: 'done',
      details: { imageIds: [1], createdPerson: true },
    })
    const found = async (filter: Parameters<typeof records.audit.list>[0]) =>
      (await records.audit.list(filter, FIRST_PAGE)).rows.map(({ id }) => id)
    expect(await found({ username: 'tester' })).toEqual([1])
    expect(await found({ username: "x' or '1'='1" })).toEqual([])
    expect(await found({ action: 'sign-in' })).toEqual([2])
    expect(await found({ from: now })).toEqual([2])
    expect(await found({ to: now })).toEqual([1])
    const exported: number[] = []
    for await (const page of records.audit.all({})) exported.push(...page.map(({ id }) => id))
    expect(exported).toEqual([1, 2])
  })

  it('is whole after honest work, by many at once', async () => {
    const records = await database.open()
    await someHistory(records)
    await Promise.all(Array.from({ length: 20 }, (_, n) => records.audit.append('export', `file ${n}`, { n }, ACTOR)))
    const verdict = await records.audit.verify()
    expect(verdict).toMatchObject({ rows: 26, faults: [] })
    expect(verdict.headHash).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    ['a changed actor', "update audit set username = 'somebody' where audit_id = 2", [{ id: 2, problem: 'changed' }]],
    ['a changed time', 'update audit set at = at + 1 where audit_id = 4', [{ id: 4, problem: 'changed' }]],
    ['changed details', `update audit set details = '{"n":2}' where audit_id = 4`, [{ id: 4, problem: 'changed' }]],
    [
      'a changed hash',
      `update audit set hash = '${'a'.repeat(64)}' where audit_id = 3`,
      [{ id: 3, problem: 'changed' }],
    ],
    ['a removed row', 'delete from audit where audit_id = 3', [{ id: 3, problem: 'missing' }]],
    ['the newest row removed', 'delete from audit where audit_id = 6', [{ id: 6, problem: 'missing' }]],
    [
      'the oldest rows removed',
      'delete from audit where audit_id < 3',
      [
        { id: 1, problem: 'missing' },
        { id: 2, problem: 'missing' },
      ],
    ],
    [
      'details wiped',
      'update audit set details = null, details_salt = null where audit_id = 2',
      [{ id: 2, problem: 'erased-without-cause' }],
    ],
  ])('shows %s', async (_what, tampering, faults) => {
    const url = await database.newUrl()
    const records = await database.open({ url })
    await someHistory(records)
    await rawSql(url, tampering)
    expect((await records.audit.verify()).faults).toEqual(faults)
  })

  it('keeps of an erased person the id alone, and its chain', async () => {
    const url = await database.newUrl()
    const records = await database.open({ url })
    await someHistory(records)
    await records.people.removePerson(1, ACTOR)
    expect((await records.audit.verify()).faults).toEqual([])
    const rows = await rawSql(url, 'select * from audit')
    expect(JSON.stringify(rows)).not.toMatch(/Ân|"An/)
    expect((await records.audit.list({ action: 'edit-person' }, FIRST_PAGE)).rows[0]).toMatchObject({
      target: 'person:1',
      details: {},
    })
  })

  it('holds no vectors, crops, hashes of passwords or tokens', async () => {
    const url = await database.newUrl()
    const records = await database.open({ url })
    await records.accounts.create({ username: 'minh', role: 'admin', passwordHash: '$argon2id$secret' }, ACTOR)
    await records.accounts.openSession('minh', 'f'.repeat(64), new Date(Date.now() + 60_000), ACTOR)
    await records.accounts.setPassword('minh', '$argon2id$other', null, ACTOR)
    await records.people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1)], ACTOR)
    await records.people.editImage(1, { replacement: imageOf(2) }, ACTOR)
    const text = JSON.stringify(await rawSql(url, 'select action, target, details from audit'))
    for (const secret of ['argon2', 'ffff', 'vector', '0.', 'jpeg', 'Buffer']) expect(text).not.toContain(secret)
  })

  it('takes texts that are too long, and ones that are no Unicode, without breaking its chain', async () => {
    const records = await database.open()
    const odd = { username: '\ud800'.repeat(80), address: 'x'.repeat(1_000), requestId: '🌸'.repeat(200) }
    await records.audit.append('export', `${'đ'.repeat(500)}\u0000`, { text: '\udfff\u0000\n' }, odd)
    expect(await records.audit.verify()).toMatchObject({ rows: 1, faults: [] })
  })
})
