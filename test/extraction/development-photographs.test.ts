import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../../src/domain/errors.ts'
import type { PackManifest } from '../../src/domain/pack.ts'
import { cosine } from '../../src/domain/template.ts'
import { type ExtractionSetup, openStages, type Stages } from '../../src/extraction/stages.ts'
import {
  type DefaultPack,
  extractOne,
  openDefaultPack,
  samplePhoto as sample,
  templateOf,
  wish,
} from './default-pack.ts'

const shared = path.resolve('../shared/data')

let pack: DefaultPack
let setup: ExtractionSetup
let stages: Stages

beforeAll(async () => {
  pack = await openDefaultPack()
  setup = pack.setup
  stages = pack.stages
})

afterAll(() => pack?.close())

/** What an extraction came to, in the words of the development set. */
async function outcome(photo: Uint8Array): Promise<string> {
  try {
    const { faces } = await extractOne(photo, wish('probe', { embed: 'main', crops: true }), stages)
    return `${faces.length} faces`
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

const ALLOWED: Readonly<Record<string, RegExp>> = {
  'one-face': /^1 faces$/,
  'one-face-or-clear-415': /^(1 faces|image-unsupported)$/,
  'one-face-or-clear-413': /^(1 faces|image-too-large)$/,
  'no-face': /^0 faces$/,
  'no-face-or-reject': /^(0 faces|image-.*)$/,
  reject: /^image-/,
  'reject-or-any': /./,
  any: /./,
}

/** The pair as a pack of its own in a folder that may be written to. */
function scrfdAndArcface(folder: string): Pick<ExtractionSetup, 'manifest' | 'folder'> {
  mkdirSync(folder)
  const files = ['scrfd_2.5g_bnkps.onnx', 'mobilefacenet_128.onnx'].map((name) => {
    const bytes = readFileSync(path.join(shared, 'models', name))
    writeFileSync(path.join(folder, name), bytes)
    return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
  return { folder, manifest: { ...SCRFD_AND_ARCFACE, files } }
}

const SCRFD_AND_ARCFACE: PackManifest = {
  format: 1,
  name: 'pair',
  modelId: 'pair',
  dimension: 128,
  threshold: 0.5,
  impostorP99: 0.32,
  duplicateThreshold: 0.5,
  confidenceSlope: 10,
  licence: 'research',
  detector: { kind: 'scrfd', file: 'scrfd_2.5g_bnkps.onnx', inputSize: 640, scoreMin: 0.5, iouMax: 0.4 },
  landmarks: null,
  recogniser: {
    file: 'mobilefacenet_128.onnx',
    aligner: 'arcface',
    inputSize: 112,
    mean: [127.5, 127.5, 127.5],
    divisor: 127.5,
    mirror: false,
  },
  files: [],
  source: 'the development set',
}

/** For a machine that is busy with much else. */
const PATIENCE_MS = 120_000

describe.skipIf(!existsSync(shared))(
  `the development photographs (${existsSync(shared) ? '' : 'NOT THERE, '}../shared/data)`,
  { timeout: PATIENCE_MS },
  () => {
    it('are read or refused as expected, odd as they are', async () => {
      const expected: { file: string; expect: string }[] = JSON.parse(
        readFileSync(path.join(shared, 'odd/expected.json'), 'utf8'),
      )
      for (const { file, expect: wanted } of expected)
        expect(await outcome(readFileSync(path.join(shared, 'odd', file))), file).toMatch(ALLOWED[wanted] ?? /^$/)
    })

    it('end in faces or refusals, hostile as they are, and leave a good photo what it was', async () => {
      const before = templateOf(await extractOne(sample(1), wish('probe'), stages))
      const hostile: { file: string }[] = JSON.parse(readFileSync(path.join(shared, 'hostile/hostile.json'), 'utf8'))
      expect(hostile.length).toBeGreaterThan(100)
      for (const { file } of hostile)
        expect(await outcome(readFileSync(path.join(shared, 'hostile', file))), file).toMatch(/^(\d+ faces|image-.*)$/)
      expect(templateOf(await extractOne(sample(1), wish('probe'), stages))).toEqual(before)
    })

    it('are recognised with a real SCRFD and ArcFace pair', async () => {
      const pair = await openStages({ ...setup, ...scrfdAndArcface(path.join(pack.dataDir, 'pair')) })
      try {
        for (const [number, people] of [
          [1, 3],
          [4, 4],
          [5, 5],
        ] as const) {
          const photo = await extractOne(sample(number), wish('reference', { crops: true }), pair)
          expect(photo.faces).toHaveLength(people)
          const templates = photo.faces.flatMap(({ template }) => template ?? [])
          for (const [index, template] of templates.entries()) {
            const crop = photo.faces[index]?.crop ?? new Uint8Array()
            const again = templateOf(await extractOne(crop, wish('reference', { embed: 'main' }), pair))
            for (const [other, of] of templates.entries()) {
              if (other === index) expect(cosine(again, of)).toBeGreaterThan(0.9)
              else expect(cosine(again, of)).toBeLessThan(0.4)
            }
            expect(Math.hypot(...template)).toBeCloseTo(1, 5)
          }
        }
      } finally {
        await pair.release()
      }
    })
  },
)
