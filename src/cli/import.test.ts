import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { encoded, smallDetector, smallRecogniser } from '../../test/models/small-models.ts'
import { temporaryData } from '../../test/models/temporary-data.ts'
import { writeOldSystems } from '../../test/python/old-system.ts'
import { importCommand } from './import.ts'
import { modelCommand } from './model.ts'

const COLUMNS = 16
/** As built: the kernel that draws pictures lies beside it. */
const WORKER_URL = new URL('../../dist/extraction/pool/worker.js', import.meta.url)

let folder: string
beforeEach(async () => {
  folder = await temporaryData()
  vi.stubEnv('DATA_DIR', join(folder, 'data'))
  vi.stubEnv('MODEL_PACK', 'old')
  vi.stubEnv('DATABASE_URL', '')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
})

/** Runs a command and answers with what it printed. */
async function run(...words: string[]): Promise<string> {
  const printed: string[] = []
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0),
  )
  try {
    const [name, ...rest] = words
    const command = name === 'model' ? modelCommand(WORKER_URL) : importCommand()
    await command.exitOverride().parseAsync(rest, { from: 'user' })
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return printed.join('')
}

it('imports people, tells what it left out, and can be run again', async () => {
  const csv = join(folder, 'class_info.csv')
  const report = join(folder, 'left-out.csv')
  await writeFile(csv, '\uFEFFclass_id,ten,tuoi,gioitinh,noio\r\n1,An,30,Nam,Huế\r\n0,Bad\x1b[2J,,,\r\n2,Bình,,Nữ,\r\n')
  const dry = await run('import', 'people', csv, '--dry-run')
  expect(dry).toContain('Nothing was written; without --dry-run this would happen:\n2 people added')
  const first = await run('import', 'people', csv, '--report', report)
  expect(first).toContain('2 people added, 0 changed, 0 known and the same\n1 row left out')
  expect(first).toContain('line 3: class_id "0" is no whole number from 1 to 2147483647')
  expect(await readFile(report, 'utf8')).toMatch(/^row,reason\r\nline 3,"class_id ""0"" is no whole number/)
  expect(await run('import', 'people', csv)).toContain('0 people added, 0 changed, 2 known and the same')
  await writeFile(csv, 'class_id,ten,tuoi,gioitinh,noio\n1,An,31,Nam,Huế\n')
  expect(await run('import', 'people', csv)).toContain('line 2: class_id 1 is known; --update changes it')
  expect(await run('import', 'people', csv, '--update')).toContain('0 people added, 1 changed, 0 known and the same')
  await expect(run('import', 'people', csv, '--report', report)).rejects.toThrow('EEXIST')
})

it('imports vectors into a pack that fits them', async () => {
  const models = join(folder, 'models')
  await mkdir(models)
  await writeFile(join(models, 'd.onnx'), encoded(smallDetector()))
  await writeFile(join(models, 'r.onnx'), encoded(smallRecogniser({ dimension: COLUMNS })))
  await run('model', 'add', models, '--name', 'old')
  const [fitting, other] = await writeOldSystems(join(folder, 'old'), [
    { rows: 40, columns: COLUMNS, edit: 'vectors[3] = 0' },
    { rows: 40, columns: COLUMNS + 1 },
  ])
  if (fitting === undefined || other === undefined) throw new Error('nothing was written')
  const { index, archive } = fitting
  const dry = await run('import', 'faiss', index, archive, '--pack', 'old', '--dry-run')
  expect(dry).toContain('39 images imported, 39 of them under new numbers\n0 imported before, 14 people made')
  const ids = join(folder, 'ids.csv')
  const first = await run('import', 'faiss', index, archive, '--pack', 'old', '--ids', ids)
  expect((await readFile(ids, 'utf8')).split('\r\n').sort().slice(0, 3)).toEqual(['', '0_0,1', '0_1,2'])
  expect(first).toContain('Vectors taken from the archive\n39 images imported')
  expect(first).toContain('1 row left out:\n  row 3 ("1_0"): its vector is zero')
  const again = await run('import', 'faiss', index, archive, '--pack', 'old')
  expect(again).toContain('0 images imported, 0 of them under new numbers\n39 imported before, 0 people made')
  await expect(run('import', 'faiss', other.index, other.archive, '--pack', 'old')).rejects.toThrow(
    'has vectors of 17 values, the pack old makes 16',
  )
  await expect(run('import', 'faiss', index, archive, '--pack', 'none')).rejects.toThrow('is missing')
  vi.stubEnv('MODEL_PACK', 'default')
  const unused = await run('import', 'faiss', index, archive, '--pack', 'old')
  expect(unused).toContain('These templates are searched with MODEL_PACK=old; it is default now')
})
