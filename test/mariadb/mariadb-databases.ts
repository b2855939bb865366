import { randomUUID } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import { inject } from 'vitest'
import { MariadbServer } from './mariadb-server.ts'

/** Where tests make databases of their own. */
export interface MariadbDatabases {
  /** A new, empty database; answers with its URL. */
  create(): Promise<string>
  close(): Promise<void>
}

/**
 * On the server of the run (TEST_MYSQL_URL names another one; its user must be allowed to create databases). Databases
 * are as the old system made them: utf8mb4 with utf8mb4_unicode_ci.
 * @throws Error that says why no server could be started
 */
export async function mariadbDatabases(): Promise<MariadbDatabases> {
  const server = inject('serverOfTheRun') ?? (await whyThereIsNone())
  const urlOf = (database: string) => {
    const url = new URL(server)
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
      for (const name of created) await administrator.query(`drop database ${name}`)
      await administrator.end()
    },
  }
}

async function whyThereIsNone(): Promise<never> {
  const server = await MariadbServer.start({ durable: false })
  await server.stop()
  throw new Error('MariaDB could not be started for this run, and now it can: run the tests again')
}
