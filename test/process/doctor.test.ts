import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { installedData } from '../models/installed-data.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
/** A port of this machine that nobody may take without being root. */
const CLOSED_PORT = '9'

let dataDir: string
let scratch: string
beforeAll(async () => {
  dataDir = await installedData('nhandien-doctor-test-')
  scratch = await mkdtemp(join(tmpdir(), 'nhandien-doctor-scratch-'))
})
afterAll(async () => {
  for (const folder of [dataDir, scratch]) await rm(folder, { recursive: true })
})

function doctor(words: readonly string[] = [], environment: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir, TMPDIR: scratch, PORT: '0', ...environment }
  return new Promise<{ code: number; said: string }>((resolve) => {
    execFile(process.execPath, [MAIN, 'doctor', ...words], { env, cwd: dataDir }, (error, said) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said })
    })
  })
}

/** The lines of a check: what was found, and what to do. */
function lineOf(said: string, name: string): string {
  const lines = said.split('\n')
  const index = lines.findIndex((line) => line.slice(6).startsWith(name))
  return [lines[index], lines[index + 1]?.trim().startsWith('->') ? lines[index + 1] : ''].join('\n')
}

describe('nhandien doctor', () => {
  test('finds nothing wrong with a sound installation, leaves nothing in it, and profiles the heap', async () => {
    const profile = join(dataDir, 'doctor.heapprofile')
    const { code, said } = await doctor(['--heap', profile])
    expect(said).toContain('Nothing is wrong.')
    expect(code).toBe(0)
    expect(said).not.toMatch(/^(BAD|note)/m)
    expect(lineOf(said, 'enrol, query, delete')).toContain('deleted, and found no more')
    const { head, samples } = JSON.parse(await readFile(profile, 'utf8'))
    expect(head.callFrame.functionName).toBe('(root)')
    expect(samples.length).toBeGreaterThan(0)
    expect((await readdir(scratch)).filter((name) => name.startsWith('nhandien'))).toEqual([])
    const again = await doctor(['--photo', profile])
    expect(again.code).toBe(1)
    expect(lineOf(again.said, 'enrol, query, delete')).toMatch(/^BAD/)
  })

  test('says what to do where the database is away and the pack is missing', async () => {
    const { code, said } = await doctor([], {
      DATABASE_URL: `mysql://nhandien:geheim@127.0.0.1:${CLOSED_PORT}/face_db`,
      MODEL_PACK: 'absent',
    })
    expect(code).toBe(1)
    expect(lineOf(said, 'database')).toMatch(/^BAD .*127\.0\.0\.1:9 cannot be reached.*\n.*Start MySQL/)
    expect(lineOf(said, 'models')).toMatch(/^BAD .*absent.*\n.*nhandien model list/)
    expect(said).toContain('2 of 8 checks failed.')
    expect(said).not.toContain('geheim')
  })

  test('says what to do where a model file is damaged, and the next start mends it', async () => {
    const pack = join(dataDir, 'models', 'default')
    const [file = ''] = (await readdir(pack)).filter((name) => name.endsWith('.onnx'))
    await truncate(join(pack, file), 1_000)
    const { said } = await doctor()
    expect(lineOf(said, 'models')).toMatch(/^(ok|BAD)/)
    if (lineOf(said, 'models').startsWith('BAD')) {
      expect(lineOf(said, 'models')).toContain(`Remove ${pack}`)
      await rm(pack, { recursive: true })
    }
    expect((await doctor()).said).toContain('Nothing is wrong.')
  })

  test('sees a data directory that others may read, or that is a file', async () => {
    await chmod(dataDir, 0o755)
    onTestFinished(async () => await chmod(dataDir, 0o700))
    const { code, said } = await doctor([], { MODEL_PACK: 'absent' })
    expect(code).toBe(1)
    expect(lineOf(said, 'data directory')).toMatch(/^note .*\n.*chmod 700/)
    const file = join(dataDir, 'file')
    await writeFile(file, '')
    expect(lineOf((await doctor([], { DATA_DIR: file })).said, 'data directory')).toMatch(/^BAD .*cannot be written/)
  })

  test('sees that another program has the port', async () => {
    const other = createServer((_request, response) => response.writeHead(404).end('no'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const { said } = await doctor([], { PORT: port, HOST: '127.0.0.1', MODEL_PACK: 'absent' })
    expect(lineOf(said, 'server')).toMatch(/^BAD .*not nhandien\n.*another PORT/)
  })
})
