import { Kysely, MysqlDialect, sql } from 'kysely'
import { createPool } from 'mysql2'
import type { Tables } from '../tables.ts'
import type { DatabaseDialect, Failure } from './dialect.ts'
import { type PoolUse, timedPool } from './timed-pool.ts'

export interface MysqlOptions {
  /** Connections at most. */
  readonly poolSize: number
  readonly connectTimeoutMs: number
  /** A statement that takes longer loses its connection. */
  readonly statementTimeoutMs: number
  /** Null for a plain connection. */
  readonly tls: { readonly ca?: string; readonly rejectUnauthorized: boolean } | null
}

/** Requests that wait for a connection; more are refused. */
const POOL_QUEUE_MAX = 2_000
/** Of one code point. */
const UTF8_BYTES_MAX = 4
const LOCK_WAIT_SECONDS = 5
const SESSION_SETTINGS = `set session time_zone = '+00:00', innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS},
  sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`

const errno = {
  conflict: [
    1020, // Snapshot conflict
    1205, // Lock wait time-out
    1213, // Deadlock
    1451, // A row that points here came meanwhile
    1452, // The row this one points to went meanwhile
    1637, // Too many transactions at once
  ],
  lost: [
    1040, // Too many connections
    1044,
    1045,
    1049,
    1698, // Access denied, unknown database
    1047, // A cluster node that is not synced
    1053, // Server shutdown in progress
    1129,
    1130, // Host blocked or not allowed
    1203, // The user's connections are used up
    1226, // A resource limit of the user
    1290,
    1836, // Read only
    1317,
    1927, // Interrupted, connection killed
    1021,
    1114, // Disk full, table full
  ],
  duplicate: [1062, 1586],
}

/** Codes of the network and of the driver where no server answered with a number. */
const LOST_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'PROTOCOL_PACKETS_OUT_OF_ORDER',
  'ER_POOL_QUEUE_FULL',
  'POOL_CLOSED',
  'HANDSHAKE_NO_SSL_SUPPORT',
  'HANDSHAKE_SSL_ERROR',
])

/** @param url `mysql://user:password@host:port/database` */
export function mysqlDatabase(url: URL, options: MysqlOptions): DatabaseDialect {
  const use: PoolUse = { busy: 0, waiting: 0 }
  const connect = async (connections: number, isolation: 'read committed' | 'repeatable read', counted: PoolUse) => {
    const pool = createPool({
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? 3306 : Number(url.port),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
      charset: 'utf8mb4_unicode_ci',
      timezone: 'Z',
      supportBigNumbers: true,
      connectionLimit: connections,
      queueLimit: POOL_QUEUE_MAX,
      connectTimeout: options.connectTimeoutMs,
      enableKeepAlive: true,
      // The driver checks whose certificate it is only when told to.
      ...(options.tls === null ? {} : { ssl: { ...options.tls, verifyIdentity: options.tls.rejectUnauthorized } }),
    })
    pool.on('connection', (connection) => {
      // Queued before the first statement of whoever waits for the connection.
      for (const setting of [SESSION_SETTINGS, `set session transaction isolation level ${isolation}`])
        connection.query(setting, (error: unknown) => {
          if (error) connection.destroy()
        })
    })
    return new Kysely<Tables>({
      dialect: new MysqlDialect({ pool: timedPool(pool, options.statementTimeoutMs, counted) }),
    })
  }
  return {
    name: 'mysql',
    indexesInTables: true,
    blocksEventLoop: false,
    text: (length) => sql.raw(`varchar(${length}) character set utf8mb4 collate utf8mb4_bin`),
    searchedText: (length) => sql.raw(`varbinary(${length * UTF8_BYTES_MAX})`),
    bigint: sql`bigint`,
    blob: sql`mediumblob`,
    longText: sql`mediumtext`,
    tableOptions: sql`engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin`,
    // A statement sees all that was committed before it: in the ledger, the newest row.
    connect: () => connect(options.poolSize, 'read committed', use),
    pool: () => ({ max: options.poolSize, ...use }),
    connectForSnapshot: () => connect(1, 'repeatable read', { busy: 0, waiting: 0 }),
    classify,

    async takeNumbers(db, name, count) {
      const { insertId } = await sql`update counter set n = last_insert_id(n + ${count}) where name = ${name}`.execute(
        db,
      )
      if (insertId === undefined) throw new Error(`The counter ${name} is missing`)
      return Number(insertId)
    },

    // The server purges deleted rows and overwrites its logs in its own time.
    forgetDeleted: () => Promise.resolve(true),

    async hasIndex(db, table, index) {
      const { rows } = await sql`select 1 from information_schema.statistics
        where table_schema = database() and table_name = ${table} and index_name = ${index}`.execute(db)
      return rows.length > 0
    },
  }
}

function classify(error: unknown): Failure {
  if (!(error instanceof Error)) return 'fault'
  if ('errno' in error && typeof error.errno === 'number') {
    if (errno.conflict.includes(error.errno)) return 'conflict'
    if (errno.duplicate.includes(error.errno)) return 'duplicate'
    if (errno.lost.includes(error.errno)) return 'lost'
  }
  // The driver's word for an error that ends the connection, such as a certificate that does not fit.
  if ('fatal' in error && error.fatal === true) return 'lost'
  if ('code' in error && typeof error.code === 'string' && LOST_CODES.has(error.code)) return 'lost'
  return /closed state|Pool is closed|Queue limit reached|No connections available/.test(error.message)
    ? 'lost'
    : 'fault'
}
