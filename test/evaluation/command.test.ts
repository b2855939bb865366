import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GROUP_SIZES, groupPhoto } from '../http/photos.ts'
import { installedData } from '../models/installed-data.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

let folder: string
let dataDir: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-evaluate-command-'))
  dataDir = await installedData('nhandien-evaluate-data-')
  await mkdir(join(folder, 'all', 'groups'), { recursive: true })
  const list = GROUP_SIZES.map((faces, index) => ({ file: `${index + 1}.jpg`, faces }))
  for (const [index, { file }] of list.entries())
    await writeFile(join(folder, 'all', 'groups', file), groupPhoto(index + 1))
  await writeFile(join(folder, 'all', 'groups', 'index.json'), JSON.stringify(list))
})

afterAll(async () => {
  for (const each of [folder, dataDir]) await rm(each, { recursive: true, force: true })
})

/** Runs the built program as a user does. */
function nhandien(...parameters: string[]): Promise<{ code: number; out: string; said: string }> {
  const environment = { ...process.env, DATA_DIR: dataDir, WORKERS: '1' }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, 'evaluate', ...parameters],
      { cwd: folder, env: environment },
      (error, out, said) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, out, said }),
    )
  })
}

describe('nhandien evaluate', () => {
  it('writes a report with where and with what it came about', async () => {
    const { code, out } = await nhandien('--all', 'all', '--json', 'report.json', '--markdown', 'report.md')
    expect(code).toBe(0)
    expect(out).toMatch(/Photos with the right number of faces +100.00 % +6 of 6/)
    const report: unknown = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))
    expect(report).toMatchObject({
      pack: { name: 'default', dimension: 128 },
      surroundings: { node: process.versions.node, command: expect.stringContaining('evaluate --all all') },
      sections: [{ set: 'groups', protocol: 'detection' }],
    })
    expect(await readFile(join(folder, 'report.md'), 'utf8')).toMatch(
      /^# Evaluation of the pack default\n[\s\S]*\| Photos with the right number of faces \| 100.00 % \| 6 of 6 \|/,
    )
  })

  it('fails where a target is missed, and says which', async () => {
    const groups = join('all', 'groups')
    expect((await nhandien(groups, '--require', 'groups.right=6/6')).code).toBe(0)
    const { code, out } = await nhandien(groups, '--require', 'right=6/6', 'rank1=0.5')
    expect(code).toBe(1)
    expect(out).toMatch(/met +groups: Photos with the right number/)
    expect(out).toMatch(/MISSED +rank1=0.5 +not measured/)
  })

  it.each([
    ['neither a folder nor --all', []],
    ['both', ['all', '--all', 'all']],
    ['a folder that is not there', ['nowhere']],
    ['a protocol it does not know', ['all', '--protocol', 'guessing']],
    ['a report to nowhere, before the work', ['all', '--json', 'nowhere/report.json']],
    ['a target that is none', ['all', '--require', 'rank1']],
  ])('refuses %s in a line or two', async (_, parameters) => {
    const { code, out, said } = await nhandien(...parameters)
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(said).not.toContain('fault of the program')
  })
})
