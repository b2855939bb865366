import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPeople } from '../../src/cli/find-photos.ts'
import { openExtractor } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { FaceExtractor } from '../../src/domain/extractor.ts'
import { evaluate } from '../../src/evaluation/evaluate.ts'
import { Sampler } from '../../src/evaluation/photos/sampler.ts'
import { planTasks } from '../../src/evaluation/plan.ts'
import type { Section } from '../../src/evaluation/report.ts'
import { checkTargets, parseTarget } from '../../src/evaluation/targets.ts'
import { GROUP_SIZES, groupPhoto, hasSharedData, portrait, SHARED_DATA } from '../http/photos.ts'
import { installedData } from '../models/installed-data.ts'

const WORKER_URL = new URL('../../dist/extraction/pool/worker.js', import.meta.url)
const STARTED_MS_MAX = 120_000

let folder: string
let dataDir: string
let extractor: FaceExtractor
let extracted = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-evaluate-'))
  dataDir = await installedData('nhandien-evaluate-data-')
  const environment = { DATA_DIR: dataDir, WORKERS: '2' }
  const { config } = loadConfig(environment, folder)
  extractor = await openExtractor(config, { step: () => {}, notice: () => {} }, WORKER_URL)
  await writeGroups(join(folder, 'groups'))
  await writePeople(join(folder, 'people'))
}, STARTED_MS_MAX)

afterAll(async () => {
  await extractor?.close()
  for (const each of [folder, dataDir]) await rm(each, { recursive: true, force: true })
})

async function writeGroups(to: string): Promise<void> {
  await mkdir(to)
  const list = GROUP_SIZES.map((faces, index) => ({ file: `${index + 1}.jpg`, faces }))
  for (const [index, { file }] of list.entries()) await writeFile(join(to, file), groupPhoto(index + 1))
  await writeFile(join(to, 'index.json'), JSON.stringify(list))
}

/** Everybody on the group photos, each cut out and changed the way photos of one moment differ. */
async function writePeople(to: string): Promise<void> {
  for (const number of GROUP_SIZES.keys()) {
    const photo = groupPhoto(number + 1)
    const bytes = new Uint8Array(photo)
    const { faces } = await extractor.extract(bytes, { purpose: 'detect', embed: 'main', crops: false })
    for (const [index, face] of faces.entries()) {
      const person = join(to, `${number + 1}-${index + 1}`)
      await mkdir(person, { recursive: true })
      const cut = await portrait(photo, face.box)
      await writeFile(join(person, '1.jpg'), cut)
      await writeFile(join(person, '2.png'), await sharp(cut).modulate({ brightness: 0.7 }).png().toBuffer())
      await writeFile(join(person, '3.webp'), await sharp(cut).flop().webp({ quality: 60 }).toBuffer())
    }
  }
}

async function run(name: string, from = join(folder, name)): Promise<readonly Section[]> {
  const tasks = await planTasks([{ name, folder: from }], {
    threshold: extractor.pack.threshold,
    confidenceSlope: () => extractor.pack.confidenceSlope,
    protocols: null,
    pairsFile: null,
    photosMin: 3,
    rounds: 1,
    findPeople,
  })
  const sampler = new Sampler({ extractor, photosAtOnce: 3, photoBytesMax: 10 * 2 ** 20, probesLikeReferences: true })
  let expected = 0
  extracted = 0
  const watcher = {
    begin: (photos: number) => {
      expected = photos
    },
    photoDone: () => extracted++,
  }
  const sections = await evaluate(tasks, sampler, watcher)
  expect(extracted).toBe(expected)
  return sections
}

function missed(sections: readonly Section[], targets: readonly string[]) {
  return checkTargets(targets.map(parseTarget), sections).filter(({ met }) => !met)
}

describe('evaluating photographs', () => {
  it('counts the faces of groups', async () => {
    expect(missed(await run('groups'), ['groups.right=6/6'])).toEqual([])
  })

  it('recognises people whose photos differ little, extracting each photo once', async () => {
    const sections = await run('people')
    const people = GROUP_SIZES.reduce((sum, size) => sum + size, 0)
    expect(extracted).toBe(3 * people)
    expect(sections.map(({ protocol }) => protocol)).toEqual(['acquisition', 'verification', 'closed-set', 'open-set'])
    expect(missed(sections, [`found=1`, 'rank1=0.95', 'identified=0.9', 'eer=0.05'])).toEqual([])
  })

  it('says of what it cannot read why', async () => {
    const odd = join(folder, 'odd')
    await mkdir(odd)
    await writeFile(join(odd, 'text.jpg'), 'not a photo')
    await writeFile(join(odd, 'group.jpg'), groupPhoto(1))
    await writeFile(
      join(odd, 'expected.json'),
      '[{"file":"text.jpg","expect":"one-face"},{"file":"group.jpg","expect":"reject"}]',
    )
    const [answers] = await run('odd')
    expect(answers?.measures.find(({ key }) => key === 'as-expected')?.rate?.hits).toBe(0)
    expect(answers?.misses.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('image-unsupported'),
      expect.stringContaining('3 faces'),
    ])
  })

  it('refuses a folder that holds nothing to measure', async () => {
    await mkdir(join(folder, 'empty'))
    await expect(run('empty')).rejects.toMatchObject({ code: 'field-invalid' })
  })

  it('fails for a photo of a list that is not there', async () => {
    const pairs = join(folder, 'pairs')
    await mkdir(pairs)
    await writeFile(join(pairs, 'pairs.csv'), 'file_a,file_b,same\na.jpg,b.jpg,1\n')
    await expect(run('pairs')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

if (!hasSharedData)
  console.warn('The development photographs (../shared/data) are not here: their targets are not tested.')

describe.skipIf(!hasSharedData)('the development photographs (../shared/data)', () => {
  it(
    'are recognised as well as was asked for',
    async () => {
      const sections = await run('faces', join(SHARED_DATA, 'faces'))
      expect(missed(sections, ['found=261/261', 'rank1=0.99', 'fpir=0.01', 'identified=0.96'])).toEqual([])
    },
    STARTED_MS_MAX,
  )

  it.each(['groups=20/21', 'negatives=21/22'])('are counted as well as was asked for: %s', async (target) => {
    const [name = '', share] = target.split('=')
    expect(missed(await run(name, join(SHARED_DATA, name)), [`right=${share}`])).toEqual([])
  })

  it(
    'are answered, odd and hostile ones too',
    async () => {
      for (const name of ['odd', 'hostile']) {
        expect(missed(await run(name, join(SHARED_DATA, name)), ['as-expected=1'])).toEqual([])
      }
    },
    STARTED_MS_MAX,
  )
})
