import type { Records } from '../../src/domain/records.ts'
import { DUMP_TABLES } from '../../src/records/backup/dump-format.ts'
import { rawSql } from './raw-sql.ts'
import { ACTOR, fieldsOf, imageOf } from './samples.ts'

/** A little of everything that is stored, with gaps and text that is hard to carry. */
export async function fill(records: Records): Promise<void> {
  await records.people.enrol({ classId: 1, fields: fieldsOf('Nguyễn\u2028Đà 🌸') }, [imageOf(1), imageOf(2)], ACTOR)
  await records.people.enrol({ classId: 9, fields: fieldsOf('Không ảnh', { age: null, residence: null }) }, [], ACTOR)
  await records.people.enrol(
    { classId: null, fields: fieldsOf('Mười') },
    [imageOf(3, { crop: null, quality: null })],
    ACTOR,
  )
  await records.people.removeImage(2, ACTOR)
  await records.accounts.create({ username: 'minh', role: 'admin', passwordHash: '$argon2id$x' }, ACTOR)
  await records.accounts.openSession('minh', 'token hash', new Date(Date.now() + 60_000), ACTOR)
}

/** Every row of every table but the ledger, whose history is new in each database, and the audit rows up to a point. */
export async function contents(url: string, auditIdMax: number): Promise<Record<string, unknown>> {
  const tables: Record<string, unknown> = {}
  for (const { name, key } of DUMP_TABLES) {
    if (name === 'ledger') continue
    const where = name === 'audit' ? `where audit_id <= ${auditIdMax}` : ''
    const rows = await rawSql(url, `select * from ${name} ${where} order by ${key.join(', ')}`)
    tables[name] = rows.map((row) => ({ ...row, search_key: String(row.search_key) }))
  }
  return tables
}
