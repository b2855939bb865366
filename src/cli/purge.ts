import { readdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { openDatabase } from '../compose.ts'
import { keepHouse } from '../operations/keep-house.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

const DAY_MS = 24 * 3_600_000
/** As backups and what an interrupted one left behind are called. */
const BACKUP_FILE = /\.jsonl\.gz(\.tmp)?$/

export function purgeCommand(): Command {
  return new Command('purge')
    .description('forget what nobody may use any more: expired sessions, old failures to sign in, old changes')
    .option('--backups-older-than <days>', 'remove old backups too; they still hold who was erased since', days)
    .action(purge)
}

async function purge({ backupsOlderThan }: { backupsOlderThan?: number }): Promise<void> {
  const config = readConfig()
  const records = await openDatabase(config, terminalWitness)
  try {
    const { sessionsForgotten, changesForgotten } = await keepHouse(records)
    process.stdout.write(`${sessionsForgotten} sessions and ${changesForgotten} changes forgotten\n`)
  } finally {
    await records.close()
  }
  if (backupsOlderThan === undefined) return
  const removed = await removeBackups(join(resolve(config.dataDir), 'backups'), Date.now() - backupsOlderThan * DAY_MS)
  process.stdout.write(`${removed} backups removed\n`)
}

async function removeBackups(folder: string, beforeMs: number): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  let removed = 0
  for (const name of names.filter((file) => BACKUP_FILE.test(file))) {
    const path = join(folder, name)
    if ((await stat(path)).mtimeMs >= beforeMs) continue
    await rm(path)
    removed++
  }
  return removed
}

function days(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number of days')
  return Number(text)
}
