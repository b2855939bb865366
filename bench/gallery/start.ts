/**
 * How long a gallery takes to be loaded from SQLite, what it takes of memory, and how searches fare while it is added to:
 * `npm run bench:gallery-start`, after a build. Needs 6 GB of memory and 5 GB of temporary disk; prints one table.
 *
 * `-- --templates 100000` does it with fewer.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import BetterSqlite from 'better-sqlite3'
import { openGallery } from '../../src/gallery/open-gallery.ts'
import { openRecords } from '../../src/records/open-records.ts'
import { encodeTemplate } from '../../src/records/template-row.ts'
import { IMAGES_PER_PERSON, VectorSource } from './vectors.ts'
import { threadsOf, waitedMs } from './waiting.ts'

const BUILT = new URL('../../../gallery/', import.meta.url)
const MODEL = 'bench'
const DIMENSION = 512
/** Vectors are made once and stored again and again: what they are does not matter to loading. */
const DISTINCT = 20_000
const SEED = 20_260_101
const SEARCHES = 400
const WARM_UP = 20
const ADDS_PER_SECOND = 1_000
const TICK_MS = 5
const SECOND_MS = 1_000
const MICROSECONDS_PER_SECOND = 1_000_000

interface Latency {
  readonly wall: number
  /** Without the time in which this thread and the searching one waited for a CPU. */
  readonly undisturbed: number
}

const { values } = parseArgs({ options: { templates: { type: 'string', default: '1000000' } } })
const templates = Number(values.templates)
const folder = mkdtempSync(join(tmpdir(), 'bench-gallery-start-'))
try {
  const url = join(folder, 'bench.sqlite')
  const open = () => openRecords({ url, dataDir: folder, clock: () => new Date() })
  await (await open()).close()
  const vectors = distinctVectors()
  fill(url, vectors)

  const records = await open()
  const cpuBefore = process.cpuUsage()
  const begin = performance.now()
  const opened = await openGallery({
    ...{ log: records.templates, modelId: MODEL, dimension: DIMENSION, built: BUILT },
    ...{ snapshotFolder: null, threads: 1, say: console.log },
  })
  const seconds = (performance.now() - begin) / SECOND_MS
  const { user, system } = process.cpuUsage(cpuBefore)
  const { memoryBytes, templates: loaded } = opened.engine.status()
  if (loaded !== templates) throw new Error(`${loaded} templates were loaded of ${templates}`)
  console.log(
    `started from SQLite with ${templates} templates: ${seconds.toFixed(1)} s wall, ` +
      `${((user + system) / MICROSECONDS_PER_SECOND).toFixed(1)} s CPU; ${Math.round(memoryBytes / loaded)} B a template`,
  )

  const source = new VectorSource(DIMENSION, 'clustered', SEED + 1)
  const probes = Array.from({ length: SEARCHES }, () => source.image(source.person()))
  const search = async (probe: Float32Array) => {
    await opened.engine.search(probe, { limit: 5, by: 'person' })
  }
  const [searching = 0] = await threadsOf(async () => {
    for (const probe of probes.slice(0, WARM_UP)) await search(probe)
  })
  print('idle', await measure(probes, search, searching))
  let added = 0
  const began = performance.now()
  const adding = setInterval(() => {
    const due = ((performance.now() - began) / SECOND_MS) * ADDS_PER_SECOND
    for (; added < due; added++) {
      const template = vectors[added % DISTINCT] ?? new Float32Array()
      opened.engine.put({ imageId: templates + added + 1, classId: templates + added + 1, template })
    }
  }, TICK_MS)
  const busy = await measure(probes, search, searching)
  clearInterval(adding)
  const rate = added / ((performance.now() - began) / SECOND_MS)
  print(`while ${Math.round(rate)} a second are added`, busy)
  await opened.close()
  await records.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function distinctVectors(): readonly Float32Array[] {
  const source = new VectorSource(DIMENSION, 'clustered', SEED)
  let person = source.person()
  return Array.from({ length: DISTINCT }, (_, row) => {
    if (row % IMAGES_PER_PERSON === 0) person = source.person()
    return source.image(person)
  })
}

/** Past the product, whose every write is durable and audited: a million of them is not what is measured here. */
function fill(url: string, vectors: readonly Float32Array[]): void {
  const file = new BetterSqlite(url)
  file.pragma('journal_mode = OFF')
  file.pragma('synchronous = OFF')
  const person = file.prepare('insert into nguoi (class_id, ten) values (?, ?)')
  const image = file.prepare(
    'insert into image (image_id, class_id, label, created_at, updated_at) values (?, ?, ?, 0, 0)',
  )
  const template = file.prepare(
    'insert into template (image_id, model_id, dimension, vector, checksum) values (@image_id, @model_id, @dimension, @vector, @checksum)',
  )
  file.transaction(() => {
    for (let row = 0; row < templates; row++) {
      const classId = 1 + Math.floor(row / IMAGES_PER_PERSON)
      if (row % IMAGES_PER_PERSON === 0) person.run(classId, `person ${classId}`)
      image.run(row + 1, classId, `image ${row}`)
      template.run(encodeTemplate(null, row + 1, MODEL, vectors[row % DISTINCT] ?? new Float32Array()))
    }
  })()
  file.close()
}

async function measure(
  probes: readonly Float32Array[],
  search: (probe: Float32Array) => Promise<void>,
  searching: number,
): Promise<readonly Latency[]> {
  const waited = () => waitedMs(searching) + waitedMs(process.pid)
  const latencies: Latency[] = []
  for (const probe of probes) {
    const before = waited()
    const begin = performance.now()
    await search(probe)
    const wall = performance.now() - begin
    latencies.push({ wall, undisturbed: wall - (waited() - before) })
  }
  return latencies
}

function print(when: string, latencies: readonly Latency[]): void {
  const at = (of: (latency: Latency) => number, part: number) =>
    latencies
      .map(of)
      .sort((a, b) => a - b)
      [Math.floor(latencies.length * part)]?.toFixed(1)
  const wall = ({ wall: ms }: Latency) => ms
  const undisturbed = ({ undisturbed: ms }: Latency) => ms
  console.log(
    `search, ${when}: p50 / p99 ${at(undisturbed, 0.5)} / ${at(undisturbed, 0.99)} ms without waits for a CPU, ` +
      `${at(wall, 0.5)} / ${at(wall, 0.99)} ms wall`,
  )
}
