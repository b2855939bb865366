import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type PeerName = 'faiss' | 'sgemv'

export interface PeerVersions {
  readonly python: string
  readonly numpy: string
  readonly blas: string
  readonly faiss: string | null
}

const SCRIPT = fileURLToPath(new URL('../../../../bench/gallery/peers.py', import.meta.url))
/** The system's Python has Debian's FAISS; another one may come first in the path. */
const PYTHONS = ['/usr/bin/python3', 'python3']

/** The Python process in which FAISS and OpenBLAS search; one order at a time. */
export class Peers {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>

  /** Null, with a line that says so, where numpy is missing. */
  static start(): Peers | null {
    const python = PYTHONS.find((name) => spawnSync(name, ['-c', 'import numpy, faiss']).status === 0)
    const fallback = PYTHONS.find((name) => spawnSync(name, ['-c', 'import numpy']).status === 0)
    if (python === undefined) console.log('FAISS is not here (apt-get install python3-faiss): its column stays empty')
    const chosen = python ?? fallback
    if (chosen === undefined) console.log('numpy is not here (apt-get install python3-numpy): no peers, no recall')
    return chosen === undefined ? null : new Peers(chosen)
  }

  constructor(python: string) {
    this.#process = spawn(python, [SCRIPT])
    this.#process.stderr.pipe(process.stderr)
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
  }

  async #ask(order: object): Promise<unknown> {
    this.#process.stdin.write(`${JSON.stringify(order)}\n`)
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error('the peers ended')
    return JSON.parse(value)
  }

  async versions(): Promise<PeerVersions> {
    const text = fields(await this.#ask({ op: 'versions' }))
    return {
      python: String(text.python),
      numpy: String(text.numpy),
      blas: String(text.blas),
      faiss: typeof text.faiss === 'string' ? text.faiss : null,
    }
  }

  async load(files: { dimension: number; vectors: string; probes: string }): Promise<void> {
    await this.#ask({ op: 'load', ...files })
  }

  /** Searches are among the first `count` vectors from now on. */
  async grow(count: number): Promise<void> {
    await this.#ask({ op: 'grow', count })
  }

  /** CPU time of one search, milliseconds. */
  async run(engine: PeerName, count: number, repeat: number): Promise<number> {
    return Number(fields(await this.#ask({ op: 'run', engine, count, repeat })).cpuMs)
  }

  /** For each probe the rows of the best image of each of the best people. */
  async truth(count: number, limit: number): Promise<readonly (readonly number[])[]> {
    const { people } = fields(await this.#ask({ op: 'truth', count, limit }))
    if (!Array.isArray(people)) throw new Error('the peers gave no people')
    return people.map((rows: unknown) => (Array.isArray(rows) ? rows.map(Number) : []))
  }

  close(): void {
    this.#process.stdin.end()
  }
}

/** Those that are here; the reference BLAS, a third as quick as OpenBLAS, is no rival to boast of. */
export function rivalsOf({ blas, faiss }: PeerVersions): readonly PeerName[] {
  const hasOpenBlas = /openblas/i.test(blas)
  if (!hasOpenBlas)
    console.log(`numpy uses ${blas}, not OpenBLAS (apt-get install libopenblas0-pthread): its column stays empty`)
  return [...(hasOpenBlas ? (['sgemv'] as const) : []), ...(faiss === null ? [] : (['faiss'] as const))]
}

function fields(answer: unknown): Record<string, unknown> {
  if (typeof answer !== 'object' || answer === null) throw new Error('the peers answered with no object')
  return Object.fromEntries(Object.entries(answer))
}
