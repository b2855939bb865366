import type { LifeReport } from './life.ts'
import type { PeerVersions } from './peers.ts'
import type { SpeedRow } from './speed.ts'

export interface Circumstances {
  readonly machine: string
  readonly node: string
  readonly v8: string
  /** The system's setting of transparent huge pages. */
  readonly hugePages: string
  readonly peers: PeerVersions | null
  readonly commit: string
  readonly date: string
}

/** Everything as Markdown. */
export function report(rows: readonly SpeedRow[], life: LifeReport | null, about: Circumstances): string {
  const { peers } = about
  const beside =
    peers === null
      ? 'no peers'
      : `Python ${peers.python}, numpy ${peers.numpy}, BLAS: ${peers.blas}, FAISS ${peers.faiss ?? 'absent'} (Debian's, built without AVX)`
  return `${[
    '# The gallery, measured',
    '',
    `Made by \`npm run bench:gallery\` on ${about.date}, commit ${about.commit}: ${about.machine}; transparent huge pages: ${about.hugePages}; Node ${about.node}, V8 ${about.v8}; ${beside}.`,
    '',
    '## One search, one thread, CPU-ms',
    '',
    'Best 5 people, single probe, 5 images a person; medians of 9 rounds in which all took turns, and of the ratios in each',
    'round. "sgemv" computes the scores only, without finding the best. Recall is of people with their best images, against float32 brute force.',
    '"clustered": genuine cosines about 0.6, impostors 0; "crowded": 0.95 and 0.84.',
    '',
    ...speedTable(rows),
    '',
    ...(life === null ? [] : lifeTable(life)),
  ].join('\n')}\n`
}

function speedTable(rows: readonly SpeedRow[]): string[] {
  const head =
    '| dimension | kind | templates | known | unknown | sgemv | FAISS FlatIP | vs sgemv | vs FAISS | recall@1 | recall@5 |'
  const lines = rows.map((row) => {
    const cells = [
      ...[row.dimension, row.distribution, row.templates.toLocaleString('en')],
      ...[row.known, row.unknown, row.sgemv, row.faiss].map(milliseconds),
      ...[row.overSgemv, row.overFaiss].map((ratio) => (ratio === null ? '' : `${ratio.toFixed(1)}×`)),
      ...[row.recallAt1, row.recallAt5].map((recall) => recall ?? ''),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [head, `|${'---|'.repeat(11)}`, ...lines]
}

function lifeTable(life: LifeReport): string[] {
  const entries: readonly (readonly [string, string])[] = [
    ['templates (512 dimensions)', life.templates.toLocaleString('en')],
    ['the last 100,000 added one by one', `${Math.round(life.addedPerSecond).toLocaleString('en')} a second`],
    [
      'memory a template',
      `${Math.round(life.bytesPerTemplate)} B (process: ${Math.round(life.rssBytesPerTemplate)} B)`,
    ],
    ['snapshot', `${(life.snapshotBytes / 2 ** 30).toFixed(2)} GiB`],
    ['snapshot written in', `${life.snapshotWriteSeconds.toFixed(1)} s, in the background`],
    [
      'started from the snapshot in',
      `${life.snapshotLoadSeconds.toFixed(1)} s (CPU: ${life.snapshotLoadCpuSeconds.toFixed(1)} s)`,
    ],
    ['search, wall, p50 / p99', `${milliseconds(life.idle.p50)} / ${milliseconds(life.idle.p99)} ms`],
    [
      `the same during ${Math.round(life.busy.addsPerSecond)} adds a second`,
      `${milliseconds(life.busy.p50)} / ${milliseconds(life.busy.p99)} ms`,
    ],
  ]
  return ['## Its life', '', '| | |', '|---|---|', ...entries.map(([name, value]) => `| ${name} | ${value} |`)]
}

function milliseconds(value: number | null): string {
  return value === null ? '' : value.toFixed(value < 1 ? 3 : value < 10 ? 2 : 1)
}
