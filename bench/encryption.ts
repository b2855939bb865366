/**
 * What encryption at rest costs, on SQLite: `npx tsc -p bench` and then `node dist/bench/bench/encryption.js [images]`.
 * Prints one table of CPU time, which a busy machine changes less than the time that passes.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Records } from '../src/domain/records.ts'
import { keyLine, newKey } from '../src/encryption/key.ts'
import { fixedKeyRing } from '../src/encryption/key-ring.ts'
import { valueSeal } from '../src/encryption/value-seal.ts'
import { openRecords } from '../src/records/open-records.ts'

const IMAGES = Number(process.argv[2] ?? 100_000)
const PER_TRANSACTION = 500
const DIMENSION = 512
const MODEL = 'bench/512'
const PAGE = 2_000
const CROPS = 5_000
const CROP_BYTES = 12_000
const ACTOR = { username: 'bench', address: null, requestId: null }

const template = Float32Array.from({ length: DIMENSION }, () => 1 / Math.sqrt(DIMENSION))
const [oldKey, key] = [newKey(), newKey()]
const folder = await mkdtemp(join(tmpdir(), 'nhandien-bench-'))

async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const started = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1_000
}

async function importAll(records: Records): Promise<void> {
  for (let done = 0; done < IMAGES; done += PER_TRANSACTION)
    await records.people.enrolMany(
      Array.from({ length: Math.min(PER_TRANSACTION, IMAGES - done) }, (_, index) => ({
        subject: { classId: null, fields: { name: 'A', age: null, gender: null, residence: null } },
        images: [
          {
            ...{ label: 'x', template, modelId: MODEL, photoSha256: null, quality: null },
            crop: done + index < CROPS ? randomBytes(CROP_BYTES) : null,
          },
        ],
      })),
      ACTOR,
    )
}

async function load(records: Records): Promise<void> {
  for await (const page of records.templates.templates(MODEL, PAGE)) if (page.length === 0) throw new Error('Empty')
}

async function readCrops(records: Records): Promise<void> {
  for (let imageId = 1; imageId <= CROPS; imageId++) await records.people.crop(imageId)
}

async function measure(file: string, keys: string | null): Promise<Record<string, number>> {
  const seal = keys === null ? null : valueSeal(fixedKeyRing(keys, 'the benchmark'))
  const config = { url: join(folder, file), dataDir: folder, clock: () => new Date(), seal }
  const records = await openRecords(config)
  try {
    return {
      import: await cpuMs(() => importAll(records)),
      'load the gallery': await cpuMs(() => load(records)),
      [`read ${CROPS} crops`]: await cpuMs(() => readCrops(records)),
    }
  } finally {
    await records.close()
  }
}

try {
  const readable = await measure('readable.sqlite', null)
  const sealed = await measure('sealed.sqlite', keyLine(oldKey))
  for (const [what, ms] of Object.entries(readable))
    process.stdout.write(
      `${what}: ${ms.toFixed(0)} readable, ${sealed[what]?.toFixed(0)} encrypted (× ${((sealed[what] ?? 0) / ms).toFixed(2)})\n`,
    )
  const open = (file: string, keys: string) =>
    openRecords({
      ...{ url: join(folder, file), dataDir: folder, clock: () => new Date() },
      seal: valueSeal(fixedKeyRing(keys, 'the benchmark')),
    })
  let records: Records | undefined
  const first = await cpuMs(async () => {
    records = await open('readable.sqlite', keyLine(oldKey))
  })
  await records?.close()
  const again = await open('sealed.sqlite', `${keyLine(key)},${keyLine(oldKey)}`)
  const rotation = await cpuMs(() => again.encryption.reseal(() => undefined))
  await again.close()
  process.stdout.write(`first encryption of what is there: ${first.toFixed(0)}; rotation: ${rotation.toFixed(0)}\n`)
} finally {
  await rm(folder, { recursive: true })
}
