import BetterSqlite from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'

export type RawRow = Readonly<Record<string, unknown>>

/** Runs one statement past the product: as an old system, an intruder or a damaged disk would. */
export async function rawSql(
  url: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly RawRow[]> {
  if (!url.startsWith('mysql:')) {
    const file = new BetterSqlite(url)
    try {
      const prepared = file.prepare<unknown[], RawRow>(statement)
      if (prepared.reader) return prepared.all(...values)
      prepared.run(...values)
      return []
    } finally {
      file.close()
    }
  }
  const connection = await createConnection({ uri: url, supportBigNumbers: true })
  try {
    const [rows] = await connection.query(statement, [...values])
    return Array.isArray(rows) ? rows.flatMap((row) => (isRow(row) ? [row] : [])) : []
  } finally {
    await connection.end()
  }
}

function isRow(row: unknown): row is RawRow {
  return typeof row === 'object' && row !== null && !Array.isArray(row)
}
