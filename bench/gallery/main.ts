/**
 * How quick the gallery is, beside FAISS and OpenBLAS in the same run on the same vectors: `npm run bench:gallery`, after
 * a build. Needs 8 GB of memory and 5 GB of temporary disk. Writes bench/results/gallery.{md,json} and the plot in docs.
 *
 * `-- --up-to 100000` stops at smaller galleries; `--print` writes nothing; `--life-only` measures no peers.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compileKernel } from '../../src/gallery/kernel/kernel.ts'
import { type LifeReport, measureLife } from './life.ts'
import { Peers, rivalsOf } from './peers.ts'
import { plotCost } from './plot.ts'
import { type Circumstances, report } from './report.ts'
import { measureSpeed, type SpeedRow } from './speed.ts'
import { type Distribution, VectorSource, writeVectors } from './vectors.ts'

const BUILT = new URL('../../../gallery/', import.meta.url)
const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url))
const PROBES_OF_EACH = 20
const SEED = 20_260_101
/** Templates from which a gallery's life is worth a look. */
const LIFE_MIN = 100_000

const GALLERIES: readonly { dimension: number; distribution: Distribution; sizes: readonly number[] }[] = [
  { dimension: 512, distribution: 'clustered', sizes: [10_000, 30_000, 100_000, 300_000, 1_000_000] },
  { dimension: 128, distribution: 'crowded', sizes: [10_000, 100_000, 1_000_000] },
  { dimension: 128, distribution: 'clustered', sizes: [10_000, 100_000, 1_000_000] },
  { dimension: 1024, distribution: 'clustered', sizes: [10_000, 100_000, 300_000] },
]

const { values } = parseArgs({
  options: {
    'up-to': { type: 'string', default: '1000000' },
    print: { type: 'boolean', default: false },
    'life-only': { type: 'boolean', default: false },
  },
})
const most = Number(values['up-to'])
const kernel = compileKernel(new URL('kernel/', BUILT))
if (kernel === null) throw new Error('this runtime has no WebAssembly SIMD or no shared memory')
const peers = Peers.start()
const versions = (await peers?.versions()) ?? null
const rivals = versions === null ? [] : rivalsOf(versions)

const rows: SpeedRow[] = []
let life: LifeReport | null = null
for (const { dimension, distribution, sizes } of values['life-only'] ? GALLERIES.slice(0, 1) : GALLERIES) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gallery-'))
  try {
    const measured = sizes.filter((size) => size <= most)
    const count = Math.max(...measured)
    const source = new VectorSource(dimension, distribution, SEED)
    const among = Math.min(...measured)
    const files = writeVectors(folder, source, { dimension, count, among, probesOfEach: PROBES_OF_EACH })
    if (!values['life-only'])
      rows.push(...(await measureSpeed(files, distribution, measured, { kernel, peers, rivals })))
    if (life === null && count >= LIFE_MIN) {
      mkdirSync(join(folder, 'snapshots'))
      life = await measureLife(files, join(folder, 'snapshots'), { kernel, built: BUILT })
      console.log(JSON.stringify(life))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
peers?.close()

const circumstances: Circumstances = {
  machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} CPUs, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.versions.node,
  v8: process.versions.v8,
  hugePages: hugePages(),
  peers: versions,
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: PROJECT }).toString().trim(),
  date: new Date().toISOString().slice(0, 10),
}
const text = report(rows, life, circumstances)
console.log(text)
if (!values.print && !values['life-only']) {
  const results = join(PROJECT, 'bench', 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'gallery.md'), text)
  writeFileSync(join(results, 'gallery.json'), `${JSON.stringify({ circumstances, rows, life }, null, 2)}\n`)
  const plotted = rows.filter((row) => row.dimension === 512)
  writeFileSync(join(PROJECT, 'docs', 'gallery-cost.svg'), plotCost(plotted, 'One search, 512 dimensions, one thread'))
}

/** Whether the system gives programs huge pages unasked; numpy asks for them itself, which V8 and FAISS do not. */
function hugePages(): string {
  const file = '/sys/kernel/mm/transparent_hugepage/enabled'
  return existsSync(file) ? (/\[(\w+)\]/.exec(readFileSync(file, 'utf8'))?.[1] ?? 'unknown') : 'unknown'
}
