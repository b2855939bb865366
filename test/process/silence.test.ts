import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'main.js')

/** ONNX Runtime's own reporting leaves its session and its log in the temporary folder as soon as it is up. */
test('the runtime of the models reports to nobody', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nhandien-silence-'))
  try {
    const demo = join(createRequire(import.meta.url).resolve('@vladmandic/face-api'), '..', '..', 'demo')
    const env = { ...process.env, DATA_DIR: join(folder, 'data'), TMPDIR: folder, WORKERS: '1' }
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'identify', join(demo, 'sample1.jpg')], {
      env,
    })
    expect(stdout).toContain('sample1.jpg: a stranger')
    expect(await readdir(folder)).toEqual(['data'])
  } finally {
    await rm(folder, { recursive: true })
  }
})
