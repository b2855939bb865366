/**
 * How long moving in takes, on a private MariaDB of this machine and on SQLite: `npx tsc -p bench` and then
 * `node dist/bench/bench/moving-in.js [images]`. The files are written by faiss and numpy. Prints one table.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importImages } from '../src/moving-in/import-images.ts'
import { importPeople } from '../src/moving-in/import-people.ts'
import { openOldIndex } from '../src/moving-in/old-index.ts'
import { openRecords } from '../src/records/open-records.ts'
import { MariadbServer } from '../test/mariadb/mariadb-server.ts'
import { writeOldSystems } from '../test/python/old-system.ts'

const IMAGES = Number(process.argv[2] ?? 100_000)
const DIMENSION = 512
const ACTOR = { username: null, address: null, requestId: null }
const PACK = { name: 'bench', modelId: 'bench', dimension: DIMENSION }

/** Seconds for the whole, and the most memory that the process held meanwhile. */
async function measured(work: () => Promise<unknown>): Promise<{ seconds: string; megabytes: string }> {
  const startedMs = performance.now()
  let bytes = 0
  const timer = setInterval(() => {
    bytes = Math.max(bytes, process.memoryUsage().rss)
  }, 50)
  await work()
  clearInterval(timer)
  return { seconds: ((performance.now() - startedMs) / 1000).toFixed(1), megabytes: (bytes / 1e6).toFixed(0) }
}

async function measure(database: string, url: string, folder: string, imagesPerPerson: number, peopleFirst: boolean) {
  const classId = `i // ${imagesPerPerson} + 1`
  const [files] = await writeOldSystems(folder, [{ rows: IMAGES, columns: DIMENSION, classId, dtype: 'object' }])
  if (files === undefined) throw new Error('Nothing was written')
  const records = await openRecords({ url, dataDir: folder, clock: () => new Date() })
  const parts = { people: records.people, imports: records.imports, actor: ACTOR }
  const quietly = { dryRun: false, onProgress: () => undefined }
  if (peopleFirst) {
    const people = Array.from({ length: Math.ceil(IMAGES / imagesPerPerson) }, (_, i) => ({
      line: i + 2,
      person: { classId: i + 1, name: `Nguyễn Văn ${i}`, age: 30, gender: 'male', residence: 'Huế' },
    }))
    const { seconds } = await measured(() => importPeople(parts, people, { ...quietly, update: false }))
    console.log(`${database}: ${people.length} people in ${seconds} s`)
  }
  const index = await openOldIndex(files.index, files.archive)
  const { seconds, megabytes } = await measured(() => importImages(parts, index, { ...quietly, pack: PACK }))
  await index.close()
  const { templates } = await records.templates.counts(PACK.modelId)
  const people = peopleFirst ? 'known people' : 'new people'
  console.log(
    `${database}: ${templates} × ${DIMENSION}, ${imagesPerPerson} a person, ${people}: ${seconds} s, ${megabytes} MB`,
  )
  await records.close()
}

const folder = await mkdtemp(join(tmpdir(), 'nhandien-bench-'))
const server = await MariadbServer.start({ durable: true })
try {
  for (const [imagesPerPerson, peopleFirst] of [
    [10, true],
    [1, false],
    [1, true],
  ] as const) {
    const url = await server.createDatabase(`moving_in_${imagesPerPerson}_${peopleFirst}`)
    await measure('MariaDB', url, folder, imagesPerPerson, peopleFirst)
  }
  await measure('SQLite', join(folder, 'bench.sqlite'), folder, 10, true)
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
