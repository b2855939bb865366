import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { commandLine } from '../../test/cli/command-line.ts'
import { fill } from '../../test/records/filled.ts'
import { MODEL, templateOf } from '../../test/records/samples.ts'
import { snapshotFolder } from '../compose/keys-at-rest.ts'
import { openDatabase } from '../compose.ts'
import { keyLine, newKey } from '../encryption/key.ts'
import { explain } from './explain.ts'
import { keysCommand } from './keys.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

const explained = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => explain(error),
  )

async function open() {
  return await openDatabase(readConfig(), { ...terminalWitness, notice: () => undefined })
}

async function close(records: Awaited<ReturnType<typeof open>>) {
  await records.close()
}

async function filledSystem() {
  const system = await commandLine()
  const records = await open()
  await fill(records)
  await close(records)
  return { ...system, keyFile: join(system.dataDir, 'at-rest.key') }
}

async function storedTemplate(): Promise<Float32Array | undefined> {
  const records = await open()
  try {
    return (await records.people.matches([1], MODEL)).get(1)?.template
  } finally {
    await close(records)
  }
}

test('encryption is turned on with one setting, rotated, and given up', async () => {
  const { run, keyFile } = await filledSystem()
  expect(await run(keysCommand(), 'status')).toBe(
    'no keys are given: what is stored from now on is readable\nreadable, 2 templates, 1 crops\n',
  )
  expect(await run(keysCommand(), 'generate', keyFile)).toContain('Keep a copy')
  expect(await explained(run(keysCommand(), 'generate', keyFile))).toMatch(/^nhandien: EEXIST/)
  vi.stubEnv('ENCRYPTION_KEY_FILE', keyFile)
  expect(await storedTemplate()).toEqual(templateOf(1))
  expect(await run(keysCommand(), 'status')).toMatch(/^[0-9a-f]{16}: current, 2 templates, 1 crops\n$/)
  const rotated = await run(keysCommand(), 'rotate')
  const [, id = ''] = /new key ([0-9a-f]{16})/.exec(rotated) ?? []
  expect(rotated).toContain(`3 templates and crops are encrypted with ${id} now`)
  expect(await run(keysCommand(), 'status')).toBe(`${id}: current, 2 templates, 1 crops\n`)
  expect(await storedTemplate()).toEqual(templateOf(1))
  expect(await run(keysCommand(), 'decrypt')).toContain('3 templates and crops are readable now')
  vi.stubEnv('ENCRYPTION_KEY_FILE', '')
  expect(await storedTemplate()).toEqual(templateOf(1))
})

test('without its key nothing starts, and it says which key that is', async () => {
  const { run, keyFile } = await filledSystem()
  await run(keysCommand(), 'generate', keyFile)
  vi.stubEnv('ENCRYPTION_KEY_FILE', keyFile)
  await storedTemplate()
  const [, id = ''] = /^# ([0-9a-f]{16}),/.exec(await readFile(keyFile, 'utf8')) ?? []
  vi.stubEnv('ENCRYPTION_KEY_FILE', '')
  expect(await explained(open())).toMatch(new RegExp(`^nhandien: .*${id}.*No keys are given.*ENCRYPTION_KEY_FILE`))
  expect(await run(keysCommand(), 'status')).toContain(`${id}: MISSING, 2 templates, 1 crops`)
  expect(process.exitCode).toBe(1)
  vi.stubEnv('ENCRYPTION_KEY', keyLine(newKey()))
  expect(await explained(open())).toContain(`missing: ${id}`)
  vi.stubEnv('ENCRYPTION_KEY_FILE', keyFile)
  expect(await explained(open())).toContain('set one of them')
  vi.stubEnv('ENCRYPTION_KEY', '')
  await writeFile(keyFile, 'spoilt')
  expect(await explained(open())).toMatch(/^nhandien: The key file .* is no key/)
  vi.stubEnv('ENCRYPTION_KEY_FILE', `${keyFile}.gone`)
  expect(await explained(open())).toMatch(/^nhandien: The key file .* can not be read/)
})

test('with keys from the environment, rotation is put in front of the old key', async () => {
  const { run } = await filledSystem()
  const [old, next] = [newKey(), newKey()]
  expect(await explained(run(keysCommand(), 'rotate'))).toMatch(/^nhandien: No keys are given.*keys generate/)
  vi.stubEnv('ENCRYPTION_KEY', keyLine(old))
  await storedTemplate()
  expect(await explained(run(keysCommand(), 'rotate'))).toContain('put a new key before it')
  vi.stubEnv('ENCRYPTION_KEY', `${keyLine(next)},${keyLine(old)}`)
  expect(await run(keysCommand(), 'rotate')).toContain(`3 templates and crops are encrypted with ${next.id} now`)
  vi.stubEnv('ENCRYPTION_KEY', keyLine(next))
  expect(await storedTemplate()).toEqual(templateOf(1))
})

test('no snapshot of the gallery is kept beside encrypted templates', async () => {
  const { run, keyFile, dataDir } = await filledSystem()
  const folder = join(dataDir, 'gallery')
  expect(snapshotFolder(readConfig())).toBe(folder)
  await mkdir(folder)
  await writeFile(join(folder, '1.snapshot'), 'templates')
  await run(keysCommand(), 'generate', keyFile)
  vi.stubEnv('ENCRYPTION_KEY_FILE', keyFile)
  expect(snapshotFolder(readConfig())).toBeNull()
  expect(existsSync(folder)).toBe(false)
})
