import Sqlite from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'
import type { DatabaseUnderTest } from '../records/each-database.ts'

const OLD_TABLE = 'create table taikhoan (username varchar(50) primary key, passwrd varchar(255))'

/** A database that holds the account table of the old system and nothing else; answers with its URL. */
export async function oldAccounts(
  database: DatabaseUnderTest,
  rows: Readonly<Record<string, string | null>>,
): Promise<string> {
  const url = await database.newUrl()
  const insert = 'insert into taikhoan values (?, ?)'
  if (database.kind === 'sqlite') {
    const sqlite = new Sqlite(url)
    sqlite.exec(OLD_TABLE)
    for (const row of Object.entries(rows)) sqlite.prepare(insert).run(row)
    sqlite.close()
  } else {
    const mysql = await createConnection({ uri: url, charset: 'utf8mb4' })
    await mysql.query(`${OLD_TABLE} character set utf8mb4 collate utf8mb4_unicode_ci`)
    for (const row of Object.entries(rows)) await mysql.execute(insert, row)
    await mysql.end()
  }
  return url
}
