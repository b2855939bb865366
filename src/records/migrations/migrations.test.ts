import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import { rawSql } from '../../../test/records/raw-sql.ts'
import { ACTOR, fieldsOf, imageOf } from '../../../test/records/samples.ts'
import { isRefusal } from '../../domain/errors.ts'

const FIRST_PAGE = { page: 1, pageSize: 50 }
const OLD_TABLES = [
  'create table nguoi (class_id int primary key, ten varchar(100), tuoi int, gioitinh varchar(10), noio varchar(100))',
  'create table taikhoan (username varchar(50) primary key, passwrd varchar(255))',
]
const OLD_PEOPLE = [
  [7, 'Nguyễn Thị Hoa', 34, 'Nữ', 'Đà Nẵng'],
  [3, 'Trần Văn Bảy', null, 'Nam', null],
  [12, null, 20, 'không rõ', 'Huế'],
] as const
const OLD_ACCOUNTS = [
  ['quanly', 'mat khau 123'],
  ['Lan', null],
] as const

async function oldDatabase(url: string): Promise<void> {
  for (const statement of OLD_TABLES) await rawSql(url, statement)
  for (const row of OLD_PEOPLE) await rawSql(url, 'insert into nguoi values (?, ?, ?, ?, ?)', row)
  for (const row of OLD_ACCOUNTS) await rawSql(url, 'insert into taikhoan values (?, ?)', row)
}

describeEachDatabase('a database of the old system', (database) => {
  it('is adopted in place: rows stay as they are, people are found, ids count on', async () => {
    const url = await database.newUrl()
    await oldDatabase(url)
    const { people, accounts } = await database.open({ url })
    const columns = 'class_id, ten, tuoi, gioitinh, noio'
    const rows = await rawSql(url, `select ${columns} from nguoi order by class_id`)
    expect(rows.map((row) => Object.values(row))).toEqual([...OLD_PEOPLE].sort((a, b) => a[0] - b[0]))
    expect(
      (await rawSql(url, 'select username, passwrd from taikhoan order by username')).map((row) => Object.values(row)),
    ).toEqual(expect.arrayContaining(OLD_ACCOUNTS.map((row) => [...row])))
    expect(await people.person(7)).toEqual({
      classId: 7,
      name: 'Nguyễn Thị Hoa',
      age: 34,
      gender: 'female',
      residence: 'Đà Nẵng',
    })
    expect(await people.person(12)).toEqual({ classId: 12, name: '', age: 20, gender: 'không rõ', residence: 'Huế' })
    expect((await people.listPeople('nguyen thi', FIRST_PAGE)).rows.map(({ classId }) => classId)).toEqual([7])
    expect((await people.enrol({ classId: null, fields: fieldsOf('Mới') }, [imageOf(1)], ACTOR)).person.classId).toBe(
      13,
    )
    expect(await accounts.account('QUANLY')).toMatchObject({
      username: 'quanly',
      role: 'editor',
      passwordHash: 'mat khau 123',
    })
    expect(await accounts.account('lan')).toMatchObject({ username: 'Lan', passwordHash: '' })
    await people.enrol({ classId: 3, changes: { age: 50 } }, [imageOf(2)], ACTOR)
    expect((await people.person(3))?.age).toBe(50)
  })

  it('gives its accounts the rights that were asked for, once', async () => {
    const url = await database.newUrl()
    await oldDatabase(url)
    const { accounts } = await database.open({ url, adoptedRole: 'admin' })
    expect((await accounts.list()).map(({ role }) => role)).toEqual(['admin', 'admin'])
    await accounts.setRole('lan', 'viewer', ACTOR)
    const again = await database.open({ url, adoptedRole: 'admin' })
    expect((await again.accounts.account('lan'))?.role).toBe('viewer')
  })

  it('may go on being written by the old system until the next start', async () => {
    const url = await database.newUrl()
    await oldDatabase(url)
    const before = await database.open({ url })
    await rawSql(url, "insert into nguoi (class_id, ten) values (40, 'Đinh Thêm')")
    await rawSql(url, "insert into taikhoan (username, passwrd) values ('them', 'x')")
    expect((await before.people.person(40))?.name).toBe('Đinh Thêm')
    const { people, accounts } = await database.open({ url })
    expect((await people.listPeople('dinh', FIRST_PAGE)).total).toBe(1)
    expect((await accounts.account('them'))?.role).toBe('editor')
    expect((await people.enrol({ classId: null, fields: fieldsOf('Mới') }, [], ACTOR)).person.classId).toBe(41)
  })
})

describeEachDatabase('migrations', (database) => {
  it('are run once when four nodes start at the same time', async () => {
    const url = await database.newUrl()
    await oldDatabase(url)
    const nodes = await Promise.all(Array.from({ length: 4 }, () => database.open({ url })))
    const written = await Promise.all(
      nodes.map(({ people }, n) => people.enrol({ classId: null, fields: fieldsOf('Ai') }, [imageOf(n)], ACTOR)),
    )
    expect(new Set(written.map(({ revision }) => revision)).size).toBe(4)
    expect(new Set(written.map(({ person }) => person.classId))).toEqual(new Set([13, 14, 15, 16]))
    const applied = await rawSql(url, 'select name from migration')
    expect(new Set(applied.map(({ name }) => name)).size).toBe(applied.length)
    expect(await rawSql(url, 'select id from ledger')).toHaveLength(1)
    expect(await rawSql(url, 'select holder from migration_lease')).toEqual([])
  })

  it('go on where a node died in the midst of them', async () => {
    const url = await database.newUrl()
    await (await database.open({ url })).people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1)], ACTOR)
    await rawSql(url, 'delete from migration')
    await rawSql(url, "insert into migration_lease (id, holder, expires_at) values (1, 'a dead node', 1)")
    const { people } = await database.open({ url })
    expect(await people.imageIdsOf(1)).toEqual([1])
  })

  it('refuse a database that a newer version has changed', async () => {
    const url = await database.newUrl()
    await database.open({ url })
    await rawSql(url, "insert into migration (name, applied_at) values ('9999-from-the-future', 1)")
    const outcome = await database.open({ url }).catch((error: unknown) => error)
    expect(isRefusal(outcome, 'not-ready') && outcome.details.reason).toBe('newer schema')
  })
})
