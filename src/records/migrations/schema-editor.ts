import { type RawBuilder, sql } from 'kysely'
import type { Queries } from '../database.ts'
import type { DatabaseDialect } from '../dialect/dialect.ts'

export interface Column {
  readonly name: string
  readonly type: RawBuilder<unknown>
  readonly notNull?: boolean
  readonly primaryKey?: boolean
}

export interface TableShape {
  readonly columns: readonly Column[]
  /** Where the key is not one column. */
  readonly primaryKey?: readonly string[]
  readonly indexes?: readonly { readonly columns: readonly string[]; readonly unique?: boolean }[]
  /** Column and the table and column it points to. */
  readonly references?: readonly { readonly column: string; readonly table: string }[]
}

/**
 * Steps of a migration that do nothing where they were done before, since MySQL commits each of them at once: a
 * migration that was interrupted is simply run again.
 */
export class SchemaEditor {
  readonly db: Queries
  readonly dialect: DatabaseDialect

  constructor(db: Queries, dialect: DatabaseDialect) {
    this.db = db
    this.dialect = dialect
  }

  async createTable(table: string, shape: TableShape): Promise<void> {
    const parts = shape.columns.map((column) => definition(column))
    if (shape.primaryKey !== undefined) parts.push(sql`primary key (${refs(shape.primaryKey)})`)
    for (const { column, table: target } of shape.references ?? [])
      parts.push(sql`foreign key (${sql.ref(column)}) references ${sql.table(target)} (${sql.ref(column)})`)
    const indexes = shape.indexes ?? []
    if (this.dialect.indexesInTables)
      for (const { columns, unique } of indexes)
        parts.push(
          sql`${sql.raw(unique ? 'unique key' : 'key')} ${sql.ref(indexName(table, columns))} (${refs(columns)})`,
        )
    await sql`create table if not exists ${sql.table(table)} (${sql.join(parts)}) ${this.dialect.tableOptions}`.execute(
      this.db,
    )
    if (this.dialect.indexesInTables) return
    for (const { columns, unique } of indexes) await this.createIndex(table, columns, { unique: unique ?? false })
  }

  async addColumns(table: string, columns: readonly Column[]): Promise<void> {
    const present = await this.columnsOf(table)
    for (const column of columns) {
      if (present.includes(column.name)) continue
      await sql`alter table ${sql.table(table)} add column ${definition(column)}`.execute(this.db)
    }
  }

  async createIndex(table: string, columns: readonly string[], options: { unique: boolean }): Promise<void> {
    const name = indexName(table, columns)
    if (await this.dialect.hasIndex(this.db, table, name)) return
    const kind = sql.raw(options.unique ? 'unique index' : 'index')
    await sql`create ${kind} ${sql.ref(name)} on ${sql.table(table)} (${refs(columns)})`.execute(this.db)
  }

  async columnsOf(table: string): Promise<readonly string[]> {
    const tables = await this.db.introspection.getTables()
    return tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? []
  }
}

function indexName(table: string, columns: readonly string[]): string {
  return `${table}_${columns.join('_')}`
}

function definition({ name, type, notNull, primaryKey }: Column): RawBuilder<unknown> {
  const rules = primaryKey === true ? sql` primary key` : sql``
  return sql`${sql.ref(name)} ${type}${notNull === true ? sql` not null` : sql``}${rules}`
}

function refs(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)))
}
