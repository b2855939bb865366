import type { TestProject } from 'vitest/node'
import { MariadbServer } from './mariadb-server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A MariaDB for databases of the tests' own; null where none could be started. */
    readonly serverOfTheRun: string | null
  }
}

/** Gives all test files of a run one MariaDB, where TEST_MYSQL_URL names no other; those that need it say if it is missing. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_MYSQL_URL
  const server = given === undefined ? await MariadbServer.start({ durable: false }).catch(() => null) : null
  provide('serverOfTheRun', given ?? server?.url('') ?? null)
  return async () => await server?.stop()
}
