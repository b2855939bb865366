import type { Picture } from '../picture/picture.ts'
import type { FaceEmbedder } from './embedder.ts'

export interface OpenedEmbedder {
  readonly embedder: FaceEmbedder
  release(): Promise<void>
}

/** An embedder that is needed now and then: opened when it is, and let go once it was idle for a while. */
export class EmbedderOnDemand implements FaceEmbedder {
  readonly #open: () => Promise<OpenedEmbedder>
  readonly #idleMs: number
  #opened: Promise<OpenedEmbedder> | null = null
  #uses = 0
  #timer: NodeJS.Timeout | null = null

  constructor(open: () => Promise<OpenedEmbedder>, idleMs: number) {
    this.#open = open
    this.#idleMs = idleMs
  }

  get isOpen(): boolean {
    return this.#opened !== null
  }

  /** @throws what opening throws; the next time it is tried again */
  async embed(chips: readonly Picture[], mirror: boolean): Promise<readonly (Float32Array | null)[]> {
    this.#stopWaiting()
    this.#uses++
    try {
      this.#opened ??= this.#open()
      const { embedder } = await this.#opened.catch((error: unknown) => {
        this.#opened = null
        throw error
      })
      return await embedder.embed(chips, mirror)
    } finally {
      this.#uses--
      if (this.#uses === 0) this.#timer = setTimeout(() => void this.release(), this.#idleMs).unref()
    }
  }

  /** Opens it and lets it go. @throws what opening throws */
  async tryOut(): Promise<void> {
    await (await this.#open()).release()
  }

  async release(): Promise<void> {
    this.#stopWaiting()
    const opened = this.#opened
    this.#opened = null
    await (await opened)?.release()
  }

  #stopWaiting(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
