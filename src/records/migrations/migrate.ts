import { sql } from 'kysely'
import { Refusal } from '../../domain/errors.ts'
import type { Database } from '../database.ts'
import { peopleImagesAccounts } from './0001-people-images-accounts.ts'
import { importedImages } from './0002-imported-images.ts'
import { encryption } from './0003-encryption.ts'
import { underLease } from './lease.ts'
import { SchemaEditor } from './schema-editor.ts'

/** In the order they are run. A published one is never changed; what it did is changed by a further one. */
const MIGRATIONS = [
  { name: '0001-people-images-accounts', run: peopleImagesAccounts },
  { name: '0002-imported-images', run: importedImages },
  { name: '0003-encryption', run: encryption },
] as const

/** Every schema there was, oldest first, as backups name them. */
export const SCHEMA_NAMES: readonly string[] = MIGRATIONS.map(({ name }) => name)

/**
 * Brings the database to the newest schema; several nodes may start at once.
 * @throws Refusal `not-ready` for a database of a newer version of the product
 */
export async function migrate(database: Database): Promise<void> {
  await underLease(database, () =>
    database.read(async (db) => {
      await sql`create table if not exists migration (name varchar(100) not null primary key,
        applied_at ${database.dialect.bigint} not null) ${database.dialect.tableOptions}`.execute(db)
      const { rows } = await sql<{ name: string }>`select name from migration`.execute(db)
      const applied = new Set(rows.map(({ name }) => name))
      const foreign = [...applied].filter((name) => MIGRATIONS.every((known) => known.name !== name))
      if (foreign.length > 0) throw new Refusal('not-ready', { part: 'database', reason: 'newer schema', foreign })
      const schema = new SchemaEditor(db, database.dialect)
      for (const { name, run } of MIGRATIONS) {
        if (applied.has(name)) continue
        await run(schema)
        await sql`insert into migration (name, applied_at) values (${name}, ${database.nowMs()})`.execute(db)
      }
    }),
  )
}
