import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Clock } from '../domain/clock.ts'
import type { ValueSeal } from '../domain/encryption.ts'
import { isRefusal, Refusal } from '../domain/errors.ts'
import type { DatabaseDialect, Failure } from './dialect/dialect.ts'
import type { Tables } from './tables.ts'

/** Inside a transaction or on its own. */
export type Queries = Kysely<Tables>

const ATTEMPTS_MAX = 12
/** The second one gets a fresh connection in place of one that died unnoticed. */
const ATTEMPTS_WITHOUT_DATABASE_MAX = 2
const BACKOFF_FIRST_MS = 4
const BACKOFF_MAX_MS = 250
/** Between attempts to let go of what was erased while somebody, a backup for instance, still reads it. */
const FORGET_AGAIN_MS = 1_000

/**
 * The open database: reads and writes that outlast conflicts between transactions and a lost connection.
 * Anything it can't outlast because the database is away becomes Refusal `not-ready`.
 */
export class Database {
  readonly dialect: DatabaseDialect
  readonly clock: Clock
  /** Seals templates and crops; null where they are stored readable. */
  readonly seal: ValueSeal | null
  readonly #db: Queries
  #forgetting: NodeJS.Timeout | null = null
  #isClosed = false

  /** @throws Refusal `not-ready` */
  static async connect(dialect: DatabaseDialect, clock: Clock, seal: ValueSeal | null = null): Promise<Database> {
    const db = await dialect.connect().catch((error: unknown) => {
      throw notReady(error)
    })
    const database = new Database(dialect, db, clock, seal)
    try {
      await database.ping()
      return database
    } catch (error) {
      await database.close()
      throw error
    }
  }

  private constructor(dialect: DatabaseDialect, db: Queries, clock: Clock, seal: ValueSeal | null) {
    this.dialect = dialect
    this.clock = clock
    this.seal = seal
    this.#db = db
  }

  nowMs(): number {
    return this.clock().getTime()
  }

  /** @param work may run more than once */
  read<T>(work: (db: Queries) => Promise<T>): Promise<T> {
    return this.#persist(
      () => work(this.#db),
      (failure) => failure !== 'duplicate',
    )
  }

  /**
   * One transaction. A connection lost while committing is not tried again, because the commit may have happened.
   * @param work may run more than once, each time in a new transaction
   * @param duplicates whether a row that was there already makes `work` run again, which then finds it
   */
  write<T>(
    work: (tx: Transaction<Tables>) => Promise<T>,
    { duplicates = 'throw' }: { duplicates?: 'throw' | 'repeat' } = {},
  ): Promise<T> {
    let committing = false
    return this.#persist(
      () => {
        committing = false
        return this.#db.transaction().execute(async (tx) => {
          const result = await work(tx)
          committing = true
          return result
        })
      },
      (failure) => !(committing && failure === 'lost') && (failure !== 'duplicate' || duplicates === 'repeat'),
    )
  }

  /**
   * A write after which what it deleted shall not be found in the database's files either: at once, or as soon as
   * nobody reads it any more.
   */
  async erase<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    const result = await this.write(work)
    await this.#forgetDeleted()
    return result
  }

  /** Never fails: what was erased is committed, whatever becomes of its traces. */
  async #forgetDeleted(): Promise<void> {
    const isForgotten = await this.dialect.forgetDeleted(this.#db).catch(() => false)
    if (isForgotten || this.#isClosed || this.#forgetting !== null) return
    this.#forgetting = setTimeout(() => {
      this.#forgetting = null
      void this.#forgetDeleted()
    }, FORGET_AGAIN_MS).unref()
  }

  /** Adds to a counter in a transaction of its own; a number that is lost on the way stays unused. */
  takeNumbers(name: string, count: number): Promise<number> {
    return this.read((db) => this.dialect.takeNumbers(db, name, count))
  }

  async #persist<T>(attempt: () => Promise<T>, repeatable: (failure: Failure) => boolean): Promise<T> {
    for (let attempts = 1; ; attempts++) {
      // Without this a loop of reads or writes would run to its end before anything else gets its turn.
      if (this.dialect.blocksEventLoop) await setImmediate()
      try {
        return await attempt()
      } catch (error) {
        if (isRefusal(error)) throw error
        const failure = this.dialect.classify(error)
        if (failure === 'fault' || (failure === 'duplicate' && !repeatable(failure))) throw error
        const attemptsMax = failure === 'lost' ? ATTEMPTS_WITHOUT_DATABASE_MAX : ATTEMPTS_MAX
        if (attempts >= attemptsMax || !repeatable(failure)) throw notReady(error)
        await sleep(backoffMs(attempts))
      }
    }
  }

  /** The round trip in milliseconds. @throws Refusal `not-ready` */
  async ping(): Promise<number> {
    const startedMs = performance.now()
    await this.read((db) => sql`select 1`.execute(db))
    return performance.now() - startedMs
  }

  close(): Promise<void> {
    this.#isClosed = true
    if (this.#forgetting !== null) clearTimeout(this.#forgetting)
    return this.#db.destroy()
  }
}

function notReady(cause: unknown): Refusal {
  return new Refusal('not-ready', { part: 'database' }, { cause })
}

/** Grows and is spread, so that transactions that met once don't meet again. */
function backoffMs(attempts: number): number {
  return Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempts)
}
