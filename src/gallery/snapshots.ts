import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LogLine } from './engine.ts'
import type { ExactEngine } from './exact-engine.ts'
import { loadSnapshot, type SnapshotExpectation } from './snapshot-load.ts'
import type { SnapshotOrder } from './snapshot-worker.ts'

/** A gallery that changed is written anew this often. */
export const SNAPSHOT_EVERY_MS = 60 * 60_000
/** After this time a removed template is in no snapshot any more (plus the time that writing takes). */
export const ERASED_WITHIN_MS = 10 * 60_000
const LOOK_EVERY_MS = 60_000
const GENERATIONS = 2
const SUFFIX = '.snapshot'
const REVISION_DIGITS = 16
const TEMPORARY = 'being-written'

interface Generation {
  readonly file: string
  readonly revision: number
  /** How many templates had been removed when it was written: it may hold those removed since. */
  readonly removals: number
  readonly bytes: number
}

export interface SnapshotOptions {
  /** Where snapshots are kept, and nothing else; made if it is missing. */
  readonly folder: string
  readonly modelId: string
  /** Names the history that the gallery's revision counts in. */
  readonly history: () => string
  readonly worker: URL
  /** Nothing is written and nothing removed. */
  readonly isReadOnly: boolean
  readonly say: LogLine
}

/**
 * Keeps the newest two snapshots of a gallery on disk. They are written by a thread of their own, under a temporary
 * name, synced and renamed, so that a file under a proper name is whole; and while searches and changes go on.
 */
export class Snapshots {
  readonly #engine: ExactEngine
  readonly #options: SnapshotOptions
  /** Newest first. */
  #generations: readonly Generation[] = []
  #writing: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #writtenAt = Date.now()
  #unerasedSince: number | null = null

  constructor(engine: ExactEngine, options: SnapshotOptions) {
    this.#engine = engine
    this.#options = options
    mkdirSync(options.folder, { recursive: true, mode: 0o700 })
  }

  /** The newest generation's file: what the gallery began from, until another one is written. */
  get newest(): string | null {
    return this.#generations[0]?.file ?? null
  }

  /** Size of the newest generation on disk. */
  get bytes(): number {
    return this.#generations[0]?.bytes ?? 0
  }

  /** Fills the empty engine from the newest sound generation and removes all others. Says whether there was one. */
  async load(newestRevision: number): Promise<boolean> {
    const { modelId, say, folder, history, isReadOnly } = this.#options
    const expected: SnapshotExpectation = { history: history(), modelId, newestRevision }
    for (const file of newestFirst(readdirSync(folder)).filter(isFinished)) {
      if (this.#generations.length > 0) break
      try {
        const bytes = await loadSnapshot(join(folder, file), this.#engine, expected)
        this.#generations = [{ file, revision: this.#engine.revision, removals: this.#engine.removals, bytes }]
      } catch (error) {
        this.#engine.reset()
        say('a snapshot of the gallery is of no use', { file, reason: String(error) })
      }
    }
    if (!isReadOnly) this.#purge(newestFirst(readdirSync(folder)))
    return this.#generations.length > 0
  }

  /** Looks now and then whether a snapshot is due. */
  start(): void {
    if (this.#options.isReadOnly) return
    this.#timer = setInterval(() => {
      this.#look().catch((error: unknown) => {
        this.#options.say('the snapshots of the gallery could not be looked after', { reason: String(error) })
      })
    }, LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** Writes a snapshot where the newest one differs from the gallery; one at a time. */
  async write(): Promise<void> {
    while (this.#writing !== null) await this.#writing
    this.#writing = this.#write().finally(() => {
      this.#writing = null
    })
    await this.#writing
  }

  /** Writes the last snapshot. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    await this.write()
  }

  async #look(): Promise<void> {
    this.#purge()
    const now = Date.now()
    if (this.#isErased()) this.#unerasedSince = null
    else this.#unerasedSince ??= now
    const erasureIsDue = this.#unerasedSince !== null && now - this.#unerasedSince >= ERASED_WITHIN_MS - LOOK_EVERY_MS
    if (erasureIsDue || now - this.#writtenAt >= SNAPSHOT_EVERY_MS) await this.write()
  }

  /** Whether no generation holds a template that was removed. */
  #isErased(): boolean {
    return this.#generations.every(({ removals }) => removals === this.#engine.removals)
  }

  async #write(): Promise<void> {
    const [newest] = this.#generations
    if (this.#options.isReadOnly) return
    if (newest?.revision === this.#engine.revision && this.#isErased()) return
    const { folder, modelId, history, say } = this.#options
    await this.#engine.finishRecoding()
    const source = this.#engine.beginSnapshot({ history: history(), modelId })
    const temporary = join(folder, `${TEMPORARY}-${process.pid}${SUFFIX}`)
    const file = source.header.revision.toString().padStart(REVISION_DIGITS, '0') + SUFFIX
    try {
      const bytes = await this.#inThread({
        ...source.order,
        header: source.header,
        temporary,
        target: join(folder, file),
      })
      const { revision } = source.header
      this.#add({ file, revision, removals: source.removals, bytes })
      this.#writtenAt = Date.now()
    } catch (error) {
      say('a snapshot of the gallery could not be written', { reason: String(error) })
      rmSync(temporary, { force: true })
      // What holds something removed must go all the same; there are the records to start from.
      this.#keep(this.#generations.filter(({ removals }) => removals === this.#engine.removals))
    } finally {
      source.end()
    }
  }

  /** Puts the new generation before those that hold nothing removed; all others go. */
  #add(written: Generation): void {
    const others = this.#generations.filter(
      ({ file, removals }) => file !== written.file && removals === written.removals,
    )
    this.#keep([written, ...others].slice(0, GENERATIONS))
  }

  #keep(kept: readonly Generation[]): void {
    this.#generations = kept
    this.#purge()
  }

  /** Removes of these files what is no generation, also what another process left: nobody else would erase it. */
  #purge(files: readonly string[] = newestFirst(readdirSync(this.#options.folder)).filter(isFinished)): void {
    for (const file of files) {
      if (this.#generations.some((generation) => generation.file === file)) continue
      rmSync(join(this.#options.folder, file), { recursive: true, force: true })
    }
  }

  #inThread(order: SnapshotOrder): Promise<number> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.#options.worker, { workerData: order })
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the thread that writes ended early')))
    })
  }
}

/** Whatever has no proper name was left by a run that was cut off, and comes last. */
function newestFirst(files: readonly string[]): string[] {
  return files.filter((file) => file.endsWith(SUFFIX)).sort((a, b) => rank(b) - rank(a))
}

/** The revision that a file's name states; -1 where it is no finished snapshot. */
function rank(file: string): number {
  return /^\d+$/.test(file.slice(0, -SUFFIX.length)) ? Number.parseInt(file, 10) : -1
}

function isFinished(file: string): boolean {
  return rank(file) >= 0
}
