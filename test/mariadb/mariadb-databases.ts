import { randomUUID } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import { MariadbServer } from './mariadb-server.ts'

/** Where tests make databases of their own. */
export interface MariadbDatabases {
  /** A new, empty database; answers with its URL. */
  create(): Promise<string>
  close(): Promise<void>
}

/**
 * On the server that TEST_MYSQL_URL names (its user must be allowed to create databases), or else on a private one.
 * Databases are as the old system made them: utf8mb4 with utf8mb4_unicode_ci.
 */
export async function mariadbDatabases(): Promise<MariadbDatabases> {
  const given = process.env.TEST_MYSQL_URL
  const server = given === undefined ? await MariadbServer.start({ durable: false }) : null
  const urlOf = (database: string) => {
    const url = new URL(server?.url('') ?? given ?? '')
    url.pathname = `/${database}`
    return url.href
  }
  const administrator = await createConnection(urlOf(''))
  const created: string[] = []
  return {
    async create() {
      const name = `nhandien_test_${randomUUID().replaceAll('-', '')}`
      await administrator.query(`create database ${name} character set utf8mb4 collate utf8mb4_unicode_ci`)
      created.push(name)
      return urlOf(name)
    },

    async close() {
      if (server === null) for (const name of created) await administrator.query(`drop database ${name}`)
      await administrator.end()
      await server?.stop()
    },
  }
}
