import { join } from 'node:path'
import type { Config } from '../config/settings.ts'
import type { Clock } from '../domain/clock.ts'
import { fileSeal } from '../encryption/file-seal.ts'
import { keyFileRing } from '../encryption/key-ring.ts'
import { valueSeal } from '../encryption/value-seal.ts'
import type { RecordsConfig } from '../records/open-records.ts'
import { keysAtRest } from './keys-at-rest.ts'
import { makeDataDir } from './open-models.ts'
import { databaseTls } from './read-settings.ts'

const SQLITE_FILE = 'nhandien.sqlite'
const SECOND_MS = 1_000
const HOUR_MS = 3_600_000
const systemClock: Clock = () => new Date()

/** Is told what whoever runs the server should know; never personal data. */
type Notice = (message: string, facts: Readonly<Record<string, unknown>>) => void

/** Which database, and how it is opened. @throws ServerMisconfigured for key files that are none */
export async function recordsConfig(config: Config, notice: Notice): Promise<RecordsConfig> {
  const dataDir = await makeDataDir(config)
  const encryptionKeys = keysAtRest(config)
  return {
    url: config.databaseUrl || join(dataDir, SQLITE_FILE),
    dataDir,
    clock: systemClock,
    waitMs: config.waitForDatabase * SECOND_MS,
    adoptedRole: config.adoptedRole,
    sessionIdleMs: config.tokenIdleHours * HOUR_MS,
    mysql: {
      poolSize: config.databasePool,
      connectTimeoutMs: config.databaseTimeoutSeconds * SECOND_MS,
      tls: databaseTls(config),
    },
    onDamagedTemplate: (imageId, modelId) =>
      notice('a stored template is damaged and is not used', { imageId, modelId }),
    seal: encryptionKeys === null ? null : valueSeal(encryptionKeys),
    onSealing: (done, total) => {
      if (done === total) notice('templates and crops that were stored before are encrypted now', { rows: total })
    },
    backupSeal: config.backupKeyFile === '' ? null : fileSeal(keyFileRing(config.backupKeyFile)),
  }
}
