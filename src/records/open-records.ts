import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor, Role } from '../domain/account.ts'
import type { Clock } from '../domain/clock.ts'
import type { FileSeal, KeyUse, SealProgress, ValueSeal } from '../domain/encryption.ts'
import { isRefusal } from '../domain/errors.ts'
import type { Records } from '../domain/records.ts'
import { accountStore } from './accounts/accounts.ts'
import { sessionStore } from './accounts/sessions.ts'
import { auditLog } from './audit/audit-log.ts'
import type { BackupFile } from './backup/read-backup.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import { writeBackup } from './backup/write-backup.ts'
import { templateLog } from './changes/template-log.ts'
import { Database } from './database.ts'
import type { DatabaseDialect } from './dialect/dialect.ts'
import type { MysqlOptions } from './dialect/mysql.ts'
import { importLookup } from './imports/import-lookup.ts'
import { adoptRows } from './migrations/adopt-rows.ts'
import { migrate } from './migrations/migrate.ts'
import { Numbers } from './numbers.ts'
import { browse } from './people/browse.ts'
import { editing } from './people/edit.ts'
import { enrolment } from './people/enrol.ts'
import { personalData } from './people/personal-data.ts'
import { rearrangement } from './people/rearrange.ts'
import { removal } from './people/remove.ts'
import { encryptionRecords, prepareEncryption } from './sealing/encryption.ts'
import { keyUses } from './sealing/reseal.ts'
import type { DamageReport } from './template-damage.ts'

export interface RecordsConfig {
  /** The path of a SQLite file, or `mysql://user:password@host:port/database` (`mariadb://` is the same). */
  readonly url: string
  /** Backups go into its folder `backups`. */
  readonly dataDir: string
  readonly clock: Clock
  /** Only for MySQL. */
  readonly mysql?: Partial<MysqlOptions>
  /** How long a database that is away is waited for at the start. */
  readonly waitMs?: number
  /** The role of accounts that an old `taikhoan` holds. */
  readonly adoptedRole?: Role
  /** A session that is not used for this long is over; never by default. */
  readonly sessionIdleMs?: number
  readonly onDamagedTemplate?: DamageReport
  /** Seals templates and crops; null where they are stored readable. */
  readonly seal?: ValueSeal | null
  /** Is told how far the first sealing of what is there already is. */
  readonly onSealing?: SealProgress
  /** Encrypts backups. */
  readonly backupSeal?: FileSeal | null
}

const MYSQL_DEFAULTS: MysqlOptions = {
  poolSize: 16,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 60_000,
  tls: null,
}
/** In the data directory. */
export const BACKUP_FOLDER = 'backups'
const RECONNECT_EVERY_MS = 500

/**
 * Opens the database, makes or adopts its tables, and answers with every port on it.
 * @throws Refusal `not-ready` where it can't be reached within `waitMs`, or is of a newer version of the product;
 *   ServerMisconfigured where what is stored can't be opened with the keys given
 */
export async function openRecords(config: RecordsConfig): Promise<Records> {
  const dialect = await dialectOf(config)
  const database = await openDatabase(dialect, config)
  try {
    await migrate(database)
    await prepareEncryption(database, config.onSealing ?? (() => undefined))
    await adoptRows(database, config.adoptedRole ?? 'editor')
  } catch (error) {
    await database.close()
    throw error
  }
  const reportDamage = config.onDamagedTemplate ?? (() => undefined)
  const numbers = { classIds: new Numbers(database, 'class'), imageIds: new Numbers(database, 'image') }
  return {
    people: {
      ...browse(database, reportDamage),
      ...editing(database),
      ...removal(database),
      ...enrolment(database, numbers),
      ...rearrangement(database, numbers.classIds),
    },
    imports: importLookup(database),
    templates: templateLog(database, reportDamage),
    accounts: {
      ...accountStore(database),
      ...sessionStore(database, config.sessionIdleMs ?? Number.POSITIVE_INFINITY),
    },
    audit: auditLog(database),
    encryption: encryptionRecords(database),
    personalData: personalData(database),
    status: () => ({ kind: dialect.name, pool: dialect.pool() }),
    ping: () => database.ping(),
    backup: (onProgress) => {
      const { dataDir, clock, backupSeal = null } = config
      return writeBackup(dialect, { folder: join(dataDir, BACKUP_FOLDER), clock, seal: backupSeal }, onProgress)
    },
    close: () => database.close(),
  }
}

/** Loads the driver that is needed; the other would be held in memory as well. */
async function dialectOf(config: Pick<RecordsConfig, 'url' | 'mysql'>): Promise<DatabaseDialect> {
  if (/^(mysql|mariadb):/.test(config.url)) {
    const { mysqlDatabase } = await import('./dialect/mysql.ts')
    return mysqlDatabase(new URL(config.url), { ...MYSQL_DEFAULTS, ...config.mysql })
  }
  const { sqliteDatabase } = await import('./dialect/sqlite.ts')
  return sqliteDatabase(config.url.replace(/^(file|sqlite):(\/\/)?/, ''))
}

/** @throws Refusal `not-ready` */
async function openDatabase(
  dialect: DatabaseDialect,
  { clock, waitMs = 0, seal = null }: RecordsConfig,
): Promise<Database> {
  const deadline = Date.now() + waitMs
  for (;;) {
    try {
      return await Database.connect(dialect, clock, seal)
    } catch (error) {
      if (!isRefusal(error, 'not-ready') || Date.now() >= deadline) throw error
      await sleep(RECONNECT_EVERY_MS)
    }
  }
}

/**
 * Restores a backup into the empty database that the config names.
 * @throws BackupUnsound, DatabaseNotEmpty, Refusal `not-ready`
 */
export async function restoreRecords(
  config: RecordsConfig,
  backup: BackupFile,
  actor: Actor,
): Promise<{ rows: number }> {
  const database = await openDatabase(await dialectOf(config), config)
  try {
    return await restoreBackup(database, backup, actor)
  } finally {
    await database.close()
  }
}

/**
 * Which keys the database's rows are sealed with, whether they are given or not.
 * @throws Refusal `not-ready`
 */
export async function recordKeyUses(config: RecordsConfig): Promise<readonly KeyUse[]> {
  const database = await openDatabase(await dialectOf(config), config)
  try {
    await migrate(database)
    return await keyUses(database)
  } finally {
    await database.close()
  }
}
