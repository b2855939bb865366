import type { Kysely, RawBuilder } from 'kysely'
import type { DatabaseStatus } from '../../domain/records.ts'
import type { Tables } from '../tables.ts'

/** What a failed statement means for its transaction. */
export type Failure =
  /** The transaction is undone and may be tried again. */
  | 'conflict'
  /** The database can't be reached or does not serve. */
  | 'lost'
  /** A row with that key is there already. */
  | 'duplicate'
  /** A fault of the statement. */
  | 'fault'

/** All that differs between the databases. */
export interface DatabaseDialect {
  readonly name: 'sqlite' | 'mysql'
  /** Whether statements run on the event loop itself, so that it has to be let go on between them. */
  readonly blocksEventLoop: boolean
  /** Column types where the portable names don't agree. */
  /** Compared by its bytes, whatever the collation of the table. @param length code points */
  text(length: number): RawBuilder<unknown>
  /** Text that is only ever looked into, which is quickest byte by byte. @param length code points */
  searchedText(length: number): RawBuilder<unknown>
  readonly bigint: RawBuilder<unknown>
  readonly blob: RawBuilder<unknown>
  readonly longText: RawBuilder<unknown>
  /** Whether `create table` makes indexes too, which is quicker than making them one by one. */
  readonly indexesInTables: boolean
  /** Follows the closing parenthesis of `create table`. */
  readonly tableOptions: RawBuilder<unknown>
  connect(): Promise<Kysely<Tables>>
  /** How the connections of `connect` are used. */
  pool(): DatabaseStatus['pool']
  /** A connection of its own on which one transaction sees one state of the database. */
  connectForSnapshot(): Promise<Kysely<Tables>>
  classify(error: unknown): Failure
  /** Adds to a counter and answers with its new value. */
  takeNumbers(db: Kysely<Tables>, name: string, count: number): Promise<number>
  /**
   * Lets go of copies of deleted rows that the database keeps for its own sake, as far as it lets itself be told; false
   * where that must be tried again, because somebody still reads them.
   */
  forgetDeleted(db: Kysely<Tables>): Promise<boolean>
  hasIndex(db: Kysely<Tables>, table: string, index: string): Promise<boolean>
}
