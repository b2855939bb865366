import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Records } from '../../src/domain/records.ts'
import { openRecords, type RecordsConfig } from '../../src/records/open-records.ts'
import { type MariadbDatabases, mariadbDatabases } from '../mariadb/mariadb-databases.ts'

export interface DatabaseUnderTest {
  readonly kind: 'sqlite' | 'mysql'
  /** A folder that goes when the suite ends. */
  folder(): string
  /** The URL of a new, empty database. */
  newUrl(): Promise<string>
  /** Opens a database, a new one where no URL is given; closed when the suite ends. */
  open(config?: Partial<RecordsConfig>): Promise<Records>
}

/** Declares the same suite for every database that the product runs on. */
export function describeEachDatabase(subject: string, suite: (database: DatabaseUnderTest) => void): void {
  describe.each(['sqlite', 'mysql'] as const)(`${subject} on %s`, (kind) => {
    let folder = ''
    let servers: MariadbDatabases | null = null
    let files = 0
    const opened: Records[] = []

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nhandien-records-'))
      if (kind === 'mysql') servers = await mariadbDatabases()
    })

    afterAll(async () => {
      for (const records of opened) await records.close()
      await servers?.close()
      await rm(folder, { recursive: true, force: true })
    })

    const newUrl = async () => (servers === null ? join(folder, `${++files}.sqlite`) : await servers.create())
    suite({
      kind,
      folder: () => folder,
      newUrl,
      async open(config = {}) {
        const url = config.url ?? (await newUrl())
        const records = await openRecords({ dataDir: folder, clock: () => new Date(), ...config, url })
        opened.push(records)
        return records
      },
    })
  })
}
