import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { keysAtRest } from '../compose/keys-at-rest.ts'
import { recordsConfig } from '../compose/records-config.ts'
import { CONSOLE, openDatabase } from '../compose.ts'
import type { KeyUse, SealProgress } from '../domain/encryption.ts'
import { ServerMisconfigured } from '../domain/errors.ts'
import type { Records } from '../domain/records.ts'
import { addKey, LOOK_EVERY_MS, makeKeyFile } from '../encryption/key-ring.ts'
import { recordKeyUses } from '../records/open-records.ts'
import { type Progress, showProgress } from './progress.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

export function keysCommand(): Command {
  return new Command('keys')
    .description('the keys that templates and crops are encrypted with (ENCRYPTION_KEY_FILE)')
    .addCommand(
      new Command('generate')
        .description('make a key file, for ENCRYPTION_KEY_FILE or BACKUP_KEY_FILE')
        .argument('<file>', 'a new file')
        .action(generate),
    )
    .addCommand(
      new Command('rotate')
        .description('make a new key and encrypt everything with it, while the server runs; goes on if interrupted')
        .action(rotate),
    )
    .addCommand(
      new Command('status').description('which keys are used, and which are missing; ends with 1 then').action(status),
    )
    .addCommand(
      new Command('decrypt')
        .description('make everything readable again, to give up encryption; stop all servers first')
        .action(decrypt),
    )
}

function generate(file: string): void {
  const { id } = makeKeyFile(file, new Date())
  process.stdout.write(
    `${file} holds the key ${id}. Keep a copy elsewhere: what it encrypts is lost with it. Set ENCRYPTION_KEY_FILE (or ` +
      'BACKUP_KEY_FILE) to it.\n',
  )
}

/** A rotation that was interrupted, which left rows under another key, is ended before a new key is made. */
async function rotate(): Promise<void> {
  const config = readConfig()
  const file = config.encryptionKeyFile
  const keys = keysAtRest(config)
  if (keys === null) throw new ServerMisconfigured(NOT_ENCRYPTED)
  await withRecords(async (records) => {
    const uses = await records.encryption.uses()
    if (!uses.some(({ keyId }) => keyId !== null && keyId !== keys.current().id)) {
      if (file === '')
        throw new ServerMisconfigured(
          'Everything is encrypted with the current key of ENCRYPTION_KEY. To rotate, put a new key before it ' +
            '(new,old), restart every server, and run this again; or use ENCRYPTION_KEY_FILE.',
        )
      const { id } = addKey(file, new Date())
      process.stdout.write(`${file} has the new key ${id}; other nodes need this file too, now\n`)
      // Servers look at the file this often: from then on they write with the new key.
      await sleep(2 * LOOK_EVERY_MS)
    }
    const done = await showing('Encrypting', (onProgress) => records.encryption.reseal(onProgress))
    await records.audit.append('key-change', `key:${keys.current().id}`, { resealed: done.resealed }, CONSOLE)
    process.stdout.write(`${done.resealed} templates and crops are encrypted with ${keys.current().id} now\n`)
    reportUnreadable(done.unreadable)
  })
  process.stdout.write('Keep the old keys in the file as long as there are backups from before.\n')
}

async function status(): Promise<void> {
  const config = readConfig()
  const keys = keysAtRest(config)
  const uses = await recordKeyUses(await recordsConfig(config, terminalWitness.notice))
  const current = keys?.current().id ?? null
  if (current === null) process.stdout.write('no keys are given: what is stored from now on is readable\n')
  else if (!uses.some(({ keyId }) => keyId === current)) process.stdout.write(`${current}: current, not used yet\n`)
  for (const use of uses) {
    const { keyId } = use
    const missing = keyId !== null && keys?.key(keyId) === undefined
    const state = keyId === current ? 'current' : missing ? 'MISSING' : 'given'
    process.stdout.write(`${keyId === null ? 'readable' : `${keyId}: ${state}`}, ${counts(use)}\n`)
    if (missing) process.exitCode = 1
  }
}

async function decrypt(): Promise<void> {
  if (keysAtRest(readConfig()) === null) throw new ServerMisconfigured(NOT_ENCRYPTED)
  await withRecords(async (records) => {
    const done = await showing('Decrypting', (onProgress) => records.encryption.unseal(onProgress))
    await records.audit.append('key-change', null, { decrypted: done.resealed }, CONSOLE)
    process.stdout.write(`${done.resealed} templates and crops are readable now\n`)
    reportUnreadable(done.unreadable)
  })
  process.stdout.write('Remove ENCRYPTION_KEY_FILE (or ENCRYPTION_KEY) before the next start, or it encrypts again.\n')
}

const NOT_ENCRYPTED =
  'No keys are given: make a file with "nhandien keys generate <file>" and set ENCRYPTION_KEY_FILE to it; the next ' +
  'start encrypts what is there.'

function counts({ templates, crops }: KeyUse): string {
  return `${templates} templates, ${crops} crops`
}

function reportUnreadable(rows: number): void {
  if (rows === 0) return
  process.stdout.write(`${rows} could not be opened and are as they were: damaged, or changed meanwhile\n`)
  process.exitCode = 1
}

async function withRecords(work: (records: Records) => Promise<void>): Promise<void> {
  const records = await openDatabase(readConfig(), terminalWitness)
  try {
    await work(records)
  } finally {
    await records.close()
  }
}

async function showing<T>(label: string, work: (onProgress: SealProgress) => Promise<T>): Promise<T> {
  let shown: Progress | undefined
  const onProgress: SealProgress = (done, total) => {
    shown ??= showProgress(label, total, 'rows')
    shown.update(done)
  }
  try {
    return await work(onProgress)
  } finally {
    end(shown)
  }
}

function end(shown: Progress | undefined): void {
  shown?.end()
}
