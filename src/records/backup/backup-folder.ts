import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isSealed } from './read-backup.ts'

const BACKUP_FILE = /\.jsonl\.gz(\.sealed)?$/
const UNFINISHED_FILE = /\.jsonl\.gz(\.sealed)?\.tmp$/
const TIME_IN_NAME = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-/
/** No backup is written for longer than this. */
const UNFINISHED_AFTER_MS = 24 * 3_600_000

export interface StoredBackup {
  readonly name: string
  readonly at: Date
  readonly bytes: number
  readonly encrypted: boolean
}

/** A backup stays that any rule given keeps. */
export interface Retention {
  /** This many of the newest. */
  readonly keep?: number
  /** What was written since. */
  readonly since?: Date
}

/** Time in UTC, an id that tells two of one moment apart, and whether it is encrypted. */
export function backupName(at: Date, id: string, encrypted: boolean): string {
  return `${at.toISOString().replace(/[:.]/g, '-')}-${id}.jsonl.gz${encrypted ? '.sealed' : ''}`
}

/** Newest first; files that are no finished backups are left out. There are none where the folder is not there. */
export async function listBackups(folder: string): Promise<readonly StoredBackup[]> {
  const found: StoredBackup[] = []
  for (const name of (await namesIn(folder)).filter((file) => BACKUP_FILE.test(file))) {
    const path = join(folder, name)
    const { size, mtime } = await stat(path)
    found.push({ name, at: timeInName(name) ?? mtime, bytes: size, encrypted: await isSealed(path) })
  }
  return found.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.name < b.name ? 1 : -1))
}

/** Removes backups, and what interrupted ones left behind. @returns the names of what went */
export async function pruneBackups(folder: string, retention: Retention, now: Date): Promise<readonly string[]> {
  const { keep, since } = retention
  const backups = keep === undefined && since === undefined ? [] : await listBackups(folder)
  const gone = backups
    .filter(({ at }, index) => (keep === undefined || index >= keep) && (since === undefined || at < since))
    .map(({ name }) => name)
  for (const name of (await namesIn(folder)).filter((file) => UNFINISHED_FILE.test(file))) {
    const { mtimeMs } = await stat(join(folder, name))
    if (mtimeMs < now.getTime() - UNFINISHED_AFTER_MS) gone.push(name)
  }
  for (const name of gone) await rm(join(folder, name), { force: true })
  return gone
}

/** Null for one that was given another name. */
function timeInName(name: string): Date | null {
  const [, day, hours, minutes, seconds, milliseconds] = TIME_IN_NAME.exec(name) ?? []
  return day === undefined ? null : new Date(`${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`)
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => [])
}
