import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { openDatabase } from '../compose.ts'
import { keepHouse } from '../operations/keep-house.ts'
import { pruneBackups } from '../records/backup/backup-folder.ts'
import { BACKUP_FOLDER } from '../records/open-records.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

const DAY_MS = 24 * 3_600_000

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
  const now = new Date()
  const since = new Date(now.getTime() - backupsOlderThan * DAY_MS)
  const removed = await pruneBackups(join(resolve(config.dataDir), BACKUP_FOLDER), { since }, now)
  process.stdout.write(`${removed.length} backups removed\n`)
}

function days(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number of days')
  return Number(text)
}
