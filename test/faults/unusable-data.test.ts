import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failToStart, MAIN } from './limited-server.ts'

const NOBODY = 65534
const somebodyElse = asSomebodyElse()

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-unusable-'))
})
afterAll(async () => await rm(folder, { recursive: true }))

describe('a data directory of no use', () => {
  test('is named with what is wrong with it, in one line', async () => {
    const file = join(folder, 'file')
    await writeFile(file, 'a letter')
    for (const dataDir of [file, join(file, 'below')]) {
      const { code, printed } = await failToStart(dataDir)
      expect(code).toBe(1)
      expect(printed).toMatch(/DATA_DIR=.*file.* is of no use: (EEXIST|ENOTDIR).*Name a folder/)
      expect(printed).not.toMatch(/\n\s+at /)
    }
  })

  test.skipIf(somebodyElse === null)(
    `is left as it is where it is somebody else’s (${somebodyElse === null ? 'NOT TRIED: nobody may not run the build' : 'tried'})`,
    async () => {
      const others = await mkdtemp(join(folder, 'others-'))
      await chmod(folder, 0o755)
      await chmod(others, 0o555)
      for (const dataDir of [others, join(others, 'below')]) {
        const { code, printed } = await failToStart(dataDir, somebodyElse ?? {})
        expect(code).toBe(1)
        expect(printed).toMatch(/DATA_DIR=.*others.* is of no use: EACCES/)
      }
      expect(await readdir(others)).toEqual([])
    },
  )
})

test('a database that is none is named with what is wrong with it, and left as it is', async () => {
  const dataDir = await mkdtemp(join(folder, 'data-'))
  await writeFile(join(dataDir, 'nhandien.sqlite'), 'this is a letter, not a database'.repeat(100))
  const { code, printed } = await failToStart(dataDir)
  expect(code).toBe(1)
  expect(printed).toMatch(/\(part: "database"\): file is not a database/)
  expect(await readdir(dataDir)).toEqual(['nhandien.sqlite'])
})

/** How to run as somebody who may not write everywhere, as root may; null where that can't be. */
function asSomebodyElse(): { uid?: number } | null {
  if (process.getuid?.() !== 0) return {}
  const { status } = spawnSync(process.execPath, [MAIN, '--version'], { uid: NOBODY, gid: NOBODY })
  return status === 0 ? { uid: NOBODY } : null
}
