import type { MysqlPool, MysqlPoolConnection, MysqlQueryResult, MysqlStream, MysqlStreamOptions } from 'kysely'
import type { Pool, PoolConnection } from 'mysql2'

type Answer = (error: unknown, result: MysqlQueryResult) => void

/** Counted as connections come and go. */
export interface PoolUse {
  busy: number
  waiting: number
}

/**
 * The driver's pool as Kysely takes it, with a limit on each statement's time: the driver waits for ever for a server
 * that went silent, and a connection whose answer was not awaited is of no more use.
 */
export function timedPool(pool: Pool, statementTimeoutMs: number, use: PoolUse): MysqlPool {
  return {
    getConnection(callback) {
      use.waiting++
      pool.getConnection((error, connection) => {
        use.waiting--
        if (!error) use.busy++
        callback(error, timed(connection, statementTimeoutMs, use))
      })
    },
    end: (callback) => pool.end(callback),
  }
}

function timed(connection: PoolConnection, timeout: number, use: PoolUse): MysqlPoolConnection {
  function query(text: string, values: unknown[]): { stream: <T>(options: MysqlStreamOptions) => MysqlStream<T> }
  function query(text: string, values: unknown[], callback: Answer): void
  function query(text: string, values: unknown[], callback?: Answer): unknown {
    if (callback === undefined) throw new Error('Rows are read in pages, not as a stream')
    return connection.query<never>({ sql: text, values, timeout }, (error, result) => {
      if (error?.code === 'PROTOCOL_SEQUENCE_TIMEOUT') connection.destroy()
      callback(error, result)
    })
  }
  function release(): void {
    use.busy--
    connection.release()
  }
  return { query, release }
}
