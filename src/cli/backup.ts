import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { recordsConfig } from '../compose/records-config.ts'
import { CONSOLE, openDatabase } from '../compose.ts'
import type { Config } from '../config/settings.ts'
import { Refusal } from '../domain/errors.ts'
import { listBackups, pruneBackups, type StoredBackup } from '../records/backup/backup-folder.ts'
import { type BackupFile, BackupUnsound, verifyBackup } from '../records/backup/read-backup.ts'
import { BACKUP_FOLDER, restoreRecords } from '../records/open-records.ts'
import { type Progress, showProgress } from './progress.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

const DAY_MS = 24 * 3_600_000
const KIB = 1_024
const KEY_FILE = ['--key-file <file>', 'the key file of encrypted backups; BACKUP_KEY_FILE where not given'] as const

interface KeyOption {
  readonly keyFile?: string
}

export function backupCommand(): Command {
  return new Command('backup')
    .description('copies of everything in the database, in DATA_DIR/backups')
    .addCommand(
      new Command('create')
        .description('write a backup while the server runs, and read it back; BACKUPS_KEEP says how many stay')
        .option(...KEY_FILE)
        .action(create),
    )
    .addCommand(
      new Command('list')
        .description('the backups that are there, newest first')
        .option('--json', 'as JSON')
        .action(list),
    )
    .addCommand(
      new Command('verify')
        .description('check that a backup is whole and can be read; ends with 1 where it is not')
        .argument('[backup]', 'its name or path; the newest where not given')
        .option(...KEY_FILE)
        .action(verify),
    )
    .addCommand(
      new Command('restore')
        .description('restore a backup into an empty database: all of it or nothing')
        .argument('<backup>', 'its name or path')
        .option('--into <database>', 'a SQLite file or mysql://user:password@host:3306/name; DATABASE_URL if not given')
        .option(...KEY_FILE)
        .action(restore),
    )
    .addCommand(
      new Command('prune')
        .description('remove old backups; they hold people who were erased since')
        .option('--keep <number>', 'leave this many of the newest; BACKUPS_KEEP where neither is given', wholeNumber)
        .option('--older-than <days>', 'remove only what is older', wholeNumber)
        .action(prune),
    )
}

async function create(options: KeyOption): Promise<void> {
  const config = withKeyFile(readConfig(), options)
  const records = await openDatabase(config, terminalWitness)
  try {
    const shown = new StepProgress()
    const name = await records.backup((step, done, total) => shown.update(step, done, total)).finally(() => shown.end())
    process.stdout.write(`${join(backupFolder(config), name)}\n`)
  } finally {
    await records.close()
  }
  if (config.backupsKeep > 0) await removeBackups(config, { keep: config.backupsKeep })
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const backups = await listBackups(backupFolder(readConfig()))
  if (json) process.stdout.write(`${JSON.stringify(backups, null, 2)}\n`)
  else for (const backup of backups) process.stdout.write(`${line(backup)}\n`)
  if (!json && backups.length === 0) process.stdout.write('none; "nhandien backup create" writes one\n')
}

function line({ name, at, bytes, encrypted }: StoredBackup): string {
  const size = bytes < KIB * KIB ? `${(bytes / KIB).toFixed(1)} KiB` : `${(bytes / KIB / KIB).toFixed(1)} MiB`
  return `${at.toISOString()}  ${size.padStart(12)}  ${encrypted ? 'encrypted' : 'readable '}  ${name}`
}

async function verify(wanted: string | undefined, options: KeyOption): Promise<void> {
  const config = withKeyFile(readConfig(), options)
  const path = wanted === undefined ? await newestBackup(config) : pathOf(config, wanted)
  const rows = await withFile(config, path, 'Checking', verifyBackup)
  process.stdout.write(`${path}: whole, ${rows} rows\n`)
}

async function restore(wanted: string, { into, ...options }: KeyOption & { into?: string }): Promise<void> {
  const config = withKeyFile({ ...readConfig(), ...(into === undefined ? {} : { databaseUrl: into }) }, options)
  const target = await recordsConfig(config, terminalWitness.notice)
  const path = pathOf(config, wanted)
  const { rows } = await withFile(config, path, 'Restoring', (file) => restoreRecords(target, file, CONSOLE))
  process.stdout.write(`${rows} rows restored; everybody has to sign in again\n`)
}

async function prune({ keep, olderThan }: { keep?: number; olderThan?: number }): Promise<void> {
  const config = readConfig()
  const since = olderThan === undefined ? undefined : new Date(Date.now() - olderThan * DAY_MS)
  const atLeast = keep ?? (since === undefined && config.backupsKeep > 0 ? config.backupsKeep : undefined)
  if (atLeast === undefined && since === undefined)
    throw new Refusal('field-missing', { field: '--keep, --older-than or BACKUPS_KEEP' })
  await removeBackups(config, {
    ...(atLeast === undefined ? {} : { keep: atLeast }),
    ...(since === undefined ? {} : { since }),
  })
}

async function removeBackups(config: Config, retention: Parameters<typeof pruneBackups>[1]): Promise<void> {
  const gone = await pruneBackups(backupFolder(config), retention, new Date())
  for (const name of gone) process.stdout.write(`removed ${name}\n`)
}

/** Reads a backup with the key of the configuration, showing how far it is. */
async function withFile<T>(
  config: Config,
  path: string,
  label: string,
  work: (file: BackupFile) => Promise<T>,
): Promise<T> {
  const { backupSeal = null } = await recordsConfig(config, terminalWitness.notice)
  let shown: Progress | null = null
  const onProgress = (done: number, total: number) => {
    shown ??= showProgress(label, total, 'bytes')
    shown.update(done)
  }
  try {
    return await work({ path, seal: backupSeal, onProgress })
  } finally {
    endOf(shown)
  }
}

function endOf(shown: Progress | null): void {
  shown?.end()
}

/** One bar for each step, one after the other. */
class StepProgress {
  #step: string | null = null
  #shown: Progress | null = null

  update(step: 'write' | 'check', done: number, total: number): void {
    if (step !== this.#step) {
      this.end()
      this.#shown =
        step === 'write' ? showProgress('Writing', total, 'rows') : showProgress('Reading back', total, 'bytes')
      this.#step = step
    }
    this.#shown?.update(done)
  }

  end(): void {
    this.#shown?.end()
    this.#shown = null
  }
}

function withKeyFile(config: Config, { keyFile }: KeyOption): Config {
  return keyFile === undefined ? config : { ...config, backupKeyFile: keyFile }
}

function backupFolder(config: Config): string {
  return join(resolve(config.dataDir), BACKUP_FOLDER)
}

/** A path, or the name of a backup in its folder. */
function pathOf(config: Config, wanted: string): string {
  const inFolder = join(backupFolder(config), wanted)
  return !existsSync(wanted) && existsSync(inFolder) ? inFolder : wanted
}

async function newestBackup(config: Config): Promise<string> {
  const [newest] = await listBackups(backupFolder(config))
  if (newest === undefined) throw new BackupUnsound(`There is no backup in ${backupFolder(config)}`)
  return join(backupFolder(config), newest.name)
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('expected a whole number')
  return Number(text)
}
