import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { commandLine } from '../../test/cli/command-line.ts'
import { contents, fill } from '../../test/records/filled.ts'
import { openDatabase } from '../compose.ts'
import { makeKeyFile } from '../encryption/key-ring.ts'
import { backupCommand } from './backup.ts'
import { explain } from './explain.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

const DAY_S = 24 * 3_600

async function filledSystem() {
  const system = await commandLine()
  const records = await openDatabase(readConfig(), terminalWitness)
  await fill(records)
  const { rows } = await records.audit.verify()
  await records.close()
  return { ...system, auditRows: rows, database: join(system.dataDir, 'nhandien.sqlite') }
}

const explained = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => explain(error),
  )

test('a backup is made, listed, checked and restored into another database', async () => {
  const { run, dataDir, auditRows, database } = await filledSystem()
  expect(await run(backupCommand(), 'list')).toContain('none')
  expect(await explained(run(backupCommand(), 'verify'))).toMatch(/^nhandien: There is no backup in /)
  const [path = ''] = (await run(backupCommand(), 'create')).split('\n').filter((line) => line.startsWith(dataDir))
  expect(await run(backupCommand(), 'list')).toMatch(/^\d{4}-.*readable .*\.jsonl\.gz\n$/)
  expect(JSON.parse(await run(backupCommand(), 'list', '--json'))).toMatchObject([{ encrypted: false }])
  expect(await run(backupCommand(), 'verify')).toMatch(/: whole, \d+ rows\n$/)
  expect(await explained(run(backupCommand(), 'restore', path))).toMatch(/^nhandien: .*not empty.*--into/)
  const target = join(dataDir, 'restored.sqlite')
  const [name = ''] = await readdir(join(dataDir, 'backups'))
  expect(await run(backupCommand(), 'restore', name, '--into', target)).toMatch(/\d+ rows restored/)
  expect(await contents(target, auditRows)).toEqual(await contents(database, auditRows))
})

test('with a key file a backup is encrypted, and says what it lacks', async () => {
  const { run, dataDir } = await filledSystem()
  const [keyFile, otherFile] = [join(dataDir, 'backup.key'), join(dataDir, 'other.key')]
  const { id } = makeKeyFile(keyFile, new Date())
  makeKeyFile(otherFile, new Date())
  expect(await run(backupCommand(), 'create', '--key-file', keyFile)).toMatch(/\.jsonl\.gz\.sealed\n/)
  expect(await run(backupCommand(), 'list')).toContain('  encrypted  ')
  expect(await explained(run(backupCommand(), 'verify'))).toBe('nhandien: The backup is encrypted: give its key file')
  expect(await explained(run(backupCommand(), 'verify', '--key-file', otherFile))).toContain(id)
  expect(await explained(run(backupCommand(), 'verify', '--key-file', `${keyFile}.none`))).toMatch(/^nhandien: The key/)
  vi.stubEnv('BACKUP_KEY_FILE', keyFile)
  expect(await run(backupCommand(), 'verify')).toContain('whole')
})

test('what is no backup is said to be none', async () => {
  const { run, dataDir } = await filledSystem()
  const path = join(dataDir, 'foreign.jsonl.gz')
  await writeFile(path, 'PK\u0003\u0004 something else')
  expect(await explained(run(backupCommand(), 'verify', path))).toMatch(/^nhandien: .*torn, or no backup$/)
  expect(await explained(run(backupCommand(), 'verify', 'gone'))).toMatch(/^nhandien: ENOENT/)
})

test('the newest backups stay, others go when that is asked for', async () => {
  const { run, dataDir } = await filledSystem()
  const folder = join(dataDir, 'backups')
  vi.stubEnv('BACKUPS_KEEP', '2')
  for (const _ of [1, 2, 3]) await run(backupCommand(), 'create')
  expect(await readdir(folder)).toHaveLength(2)
  const moved = join(folder, 'moved-here.jsonl.gz')
  await writeFile(moved, '')
  await writeFile(`${moved}.tmp`, '')
  const long = Date.now() / 1_000 - 3 * DAY_S
  for (const path of [moved, `${moved}.tmp`]) await utimes(path, long, long)
  expect(await run(backupCommand(), 'prune', '--older-than', '4')).toBe('removed moved-here.jsonl.gz.tmp\n')
  expect(await run(backupCommand(), 'prune', '--older-than', '2', '--keep', '3')).toBe('')
  expect(await run(backupCommand(), 'prune', '--older-than', '2')).toBe('removed moved-here.jsonl.gz\n')
  expect(await run(backupCommand(), 'prune', '--keep', '1')).toMatch(/^removed .*\.jsonl\.gz\n$/)
  vi.stubEnv('BACKUPS_KEEP', '0')
  expect(await explained(run(backupCommand(), 'prune'))).toContain('--keep')
  expect(await readdir(folder)).toHaveLength(1)
})
