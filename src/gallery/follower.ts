import { isRefusal } from '../domain/errors.ts'
import type { GalleryChange } from '../domain/gallery.ts'
import type { TemplateLog } from '../domain/records.ts'
import type { GalleryEngine } from './engine.ts'

/*
 * Keeps an engine in step with the change log.
 *
 * Filling from the records goes on while others write: the revision R is read first, then the templates page by page,
 * then every change after R is replayed. That converges, because a change says what an image *is now* (there, with this
 * template; or gone), not how it differs from before:
 *   - an image that no change after R concerns was read by its page as it stood at R, and stands so still;
 *   - for any other image the last change after R decides, whatever its page showed, because replaying a change twice,
 *     or over a state that already holds it, leaves the state that the change describes.
 * Until the replay has reached the newest revision the content stands for no revision at all, so the engine is given
 * out only then.
 *
 * Every change, whoever asks for it, goes through `#pass`, and at most one pass runs at any time: changes are applied in
 * the order of the log and never twice.
 */

/** Time between two looks at the change log, by which others' changes become visible here. */
export const POLL_INTERVAL_MS = 250
/** Changes read from the log at once. */
export const CHANGES_PER_READ = 1_000
/** Changes applied before the event loop gets its turn. */
export const CHANGES_PER_TURN = 64
/** Templates in one page of the first filling. */
export const TEMPLATES_PER_PAGE = 2_000

export interface FollowerStatus {
  readonly revision: number
  /** Newest revision of the change log that was seen, minus the one visible here. */
  readonly pendingChanges: number
  /** When this gallery was last known to hold everything that was committed; null before that. */
  readonly inStepAt: Date | null
}

export type LogLine = (message: string, facts: Readonly<Record<string, unknown>>) => void

export class GalleryFollower {
  readonly #engine: GalleryEngine
  readonly #log: TemplateLog
  readonly #modelId: string
  readonly #say: LogLine
  #running: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #closed = false
  #newestSeen = 0
  #inStepAt: Date | null = null

  constructor(engine: GalleryEngine, log: TemplateLog, modelId: string, say: LogLine) {
    this.#engine = engine
    this.#log = log
    this.#modelId = modelId
    this.#say = say
  }

  /** Fills an empty engine from the records and replays what was written meanwhile. */
  async fill(): Promise<void> {
    const revision = await this.#log.revision()
    for await (const page of this.#log.templates(this.#modelId, TEMPLATES_PER_PAGE)) {
      for (const entry of page) {
        try {
          this.#engine.put(entry)
        } catch (error) {
          if (!isRefusal(error, 'template-invalid')) throw error
          this.#say('a stored template is unfit and was left out', { imageId: entry.imageId, reason: error.message })
        }
      }
    }
    this.#engine.resumeAt(revision)
    await this.catchUp()
  }

  /** Looks at the change log from now on until `close`. */
  follow(): void {
    if (this.#closed || this.#timer !== null) return
    this.#timer = setTimeout(() => void this.#poll(), POLL_INTERVAL_MS)
    this.#timer.unref()
  }

  /**
   * Resolves when every change up to `revision` (the newest committed one, where none is given) is visible to searches.
   * @throws Error when the change log ends before `revision`
   */
  async catchUp(revision?: number): Promise<void> {
    const target = revision ?? (await this.#log.revision())
    if (target > this.#newestSeen) this.#newestSeen = target
    // A pass that already runs may have read the log before `target` was committed; the one after it has not.
    if (this.#engine.revision < target && this.#running !== null) await this.#running.catch(() => {})
    if (this.#engine.revision < target) await this.#pass()
    const reached = this.#engine.revision
    if (reached < target) throw new Error(`the change log ends at revision ${reached}, before ${target}`)
  }

  status(): FollowerStatus {
    const { revision } = this.#engine
    return { revision, pendingChanges: Math.max(0, this.#newestSeen - revision), inStepAt: this.#inStepAt }
  }

  /** Stops looking, and lets a pass that runs come to its end. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    await this.#running?.catch(() => {})
  }

  #pass(): Promise<void> {
    this.#running ??= this.#applyNewer().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #applyNewer(): Promise<void> {
    for (;;) {
      const { revision } = this.#engine
      const changes = await this.#log.changesAfter(revision, this.#modelId, CHANGES_PER_READ)
      for (const [index, change] of changes.entries()) {
        if (index > 0 && index % CHANGES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
        this.#apply(change)
      }
      this.#newestSeen = Math.max(this.#newestSeen, changes.at(-1)?.revision ?? 0)
      if (changes.length < CHANGES_PER_READ) break
    }
    this.#inStepAt = new Date()
  }

  #apply(change: GalleryChange): void {
    try {
      this.#engine.apply(change)
    } catch (error) {
      if (change.kind !== 'put' || !isRefusal(error, 'template-invalid')) throw error
      // What stood there before is no longer true either, and one bad row must not stop all that come after it.
      this.#say('a stored template is unfit and was left out', { imageId: change.imageId, reason: error.message })
      this.#engine.apply({ kind: 'remove', revision: change.revision, imageId: change.imageId })
    }
  }

  async #poll(): Promise<void> {
    try {
      await this.catchUp()
    } catch (error) {
      this.#say('the change log could not be followed; trying again', { error: String(error) })
    }
    this.#timer = null
    this.follow()
  }
}
