import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Extraction, ExtractionPurpose, ExtractionWish } from '../../src/domain/extractor.ts'
import type { ExtractedFace } from '../../src/domain/face.ts'
import { extractFaces } from '../../src/extraction/extract-faces.ts'
import { type ExtractionSetup, openStages, type Stages } from '../../src/extraction/stages.ts'
import { installDefaultPack } from '../../src/models/default-pack/default-pack.ts'
import { installedData } from '../models/installed-data.ts'
import { setupOf } from './setup-of.ts'

const demo = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
)

export interface DefaultPack {
  readonly dataDir: string
  readonly setup: ExtractionSetup
  readonly stages: Stages
  close(): Promise<void>
}

/** The default pack in a data directory of its own, with its models loaded. */
export async function openDefaultPack(): Promise<DefaultPack> {
  const dataDir = await installedData('extraction-')
  const setup = setupOf(await installDefaultPack(dataDir))
  const stages = await openStages(setup)
  return {
    dataDir,
    setup,
    stages,
    async close() {
      await stages.release()
      rmSync(dataDir, { recursive: true })
    },
  }
}

/** One of six photos of groups: 3, 3, 3, 4, 5 and 4 people. */
export const samplePhoto = (number: number) => readFileSync(path.join(demo, `sample${number}.jpg`))

export function wish(purpose: ExtractionPurpose, changes: Partial<ExtractionWish> = {}): ExtractionWish {
  return { purpose, embed: 'all', crops: false, ...changes }
}

export async function extractOne(photo: Uint8Array, wish: ExtractionWish, stages: Stages): Promise<Extraction> {
  const [outcome] = await extractFaces([{ photo, wish }], stages)
  if (outcome?.status !== 'fulfilled') throw outcome?.reason
  return outcome.value
}

export function mainFace({ faces, mainFace: index }: Extraction): ExtractedFace {
  const face = faces[index]
  if (face === undefined) throw new Error('No face was found')
  return face
}

export function templateOf(extraction: Extraction): Float32Array {
  const { template } = mainFace(extraction)
  if (template === null) throw new Error('The face was not embedded')
  return template
}
