import type { Role } from '../../domain/account.ts'
import type { Database } from '../database.ts'
import { CLASS_ID_COUNTED_MAX } from '../numbers.ts'
import { fold, searchKeyOf } from '../search-key.ts'

const ROWS_PER_TRANSACTION = 500

/**
 * Fills the added columns of rows that the old system wrote, before it was replaced or beside this one: people become
 * searchable, accounts get a role. What the old system stored is not touched. Run at every start.
 */
export async function adoptRows(database: Database, adoptedRole: Role): Promise<void> {
  while ((await adoptPeople(database)) === ROWS_PER_TRANSACTION);
  await adoptAccounts(database, adoptedRole)
  await moveClassCounter(database)
}

function adoptPeople(database: Database): Promise<number> {
  return database.write(async (tx) => {
    const rows = await tx
      .selectFrom('nguoi')
      .select(['class_id', 'ten', 'tuoi', 'noio'])
      .where('search_key', 'is', null)
      .orderBy('class_id')
      .limit(ROWS_PER_TRANSACTION)
      .execute()
    for (const row of rows)
      await tx
        .updateTable('nguoi')
        .set({ search_key: searchKeyOf(row) })
        .where('class_id', '=', row.class_id)
        .execute()
    return rows.length
  })
}

function adoptAccounts(database: Database, adoptedRole: Role): Promise<void> {
  return database.write(async (tx) => {
    const rows = await tx.selectFrom('taikhoan').select('username').where('username_key', 'is', null).execute()
    for (const { username } of rows) {
      const key = fold(username)
      const taken = await tx
        .selectFrom('taikhoan')
        .select('username')
        .where('username_key', '=', key)
        .executeTakeFirst()
      await tx
        .updateTable('taikhoan')
        // Two old names that differ in accents only are both kept; the second is found under its own spelling.
        .set({ username_key: taken === undefined ? key : `${key} ${username}`, role: adoptedRole, disabled: 0 })
        .where('username', '=', username)
        .execute()
    }
  })
}

/** People whom the old system added since the last start must not have their ids given out again. */
function moveClassCounter(database: Database): Promise<void> {
  return database.write(async (tx) => {
    const { highest } = await tx
      .selectFrom('nguoi')
      .select((of) => of.fn.max('class_id').as('highest'))
      .where('class_id', '<=', CLASS_ID_COUNTED_MAX)
      .executeTakeFirstOrThrow()
    await tx
      .updateTable('counter')
      .set({ n: highest ?? 0 })
      .where('name', '=', 'class')
      .where('n', '<', highest ?? 0)
      .execute()
  })
}
