import { Refusal, ServerMisconfigured } from '../../domain/errors.ts'
import type { ExecutionProvider } from '../../domain/execution-provider.ts'
import type { Extraction, ExtractionWish, ExtractorStatus, FaceExtractor } from '../../domain/extractor.ts'
import type { PackIdentity } from '../../domain/pack.ts'
import type { ExtractionSetup } from '../stages.ts'
import { Losses } from './losses.ts'
import { ownBuffer } from './own-buffer.ts'
import { PhotoQueue, type QueueLimits, type WaitingPhoto } from './photo-queue.ts'
import { ThreadGone, WorkerThread } from './worker-thread.ts'

export interface ExtractorPoolOptions {
  /** The compiled `worker.js`. */
  readonly workerUrl: URL
  readonly workers: number
  readonly setup: ExtractionSetup
  readonly queue: QueueLimits
  /** A photo that takes longer is refused, and its worker given up. */
  readonly photoMsMax: number
}

/** What a photo is expected to take before any was measured, and how much a new measurement counts. */
const EXPECTED_PHOTO_MS = 100
const MEASUREMENT_WEIGHT = 0.1

/**
 * Starts the workers and waits until all have loaded their models.
 * @throws Error when a worker can't load the pack
 * @throws ServerMisconfigured when the execution provider can't run it
 */
export async function createExtractorPool(options: ExtractorPoolOptions): Promise<FaceExtractor> {
  const threads = Array.from({ length: options.workers }, () => new WorkerThread(options.workerUrl, options.setup))
  const started = await Promise.allSettled(threads.map(({ ready }) => ready))
  const failure = started.find((result) => result.status === 'rejected')
  if (failure !== undefined) {
    await Promise.all(threads.map((thread) => thread.stop()))
    const cause: unknown = failure.reason instanceof Error ? (failure.reason.cause ?? failure.reason) : failure.reason
    // An error comes out of a thread with its name, and without its class.
    if (cause instanceof Error && cause.name === 'ServerMisconfigured') throw new ServerMisconfigured(cause.message)
    throw new Error(`The model pack ${options.setup.manifest.name} could not be loaded`, { cause })
  }
  return new ExtractorPool(options, threads)
}

/** The photo took longer than it may. */
class PhotoTimeout extends Error {
  override readonly name = 'PhotoTimeout'
}

/** Hands photos to workers that are free; replaces workers that crash or hang. */
class ExtractorPool implements FaceExtractor {
  readonly pack: PackIdentity
  readonly executionProvider: ExecutionProvider
  readonly #options: ExtractorPoolOptions
  readonly #queue: PhotoQueue
  readonly #losses = new Losses()
  readonly #idle = new Set<WorkerThread>()
  readonly #busy = new Map<WorkerThread, Promise<void>>()
  readonly #starting = new Set<WorkerThread>()
  readonly #hanging = new Set<WorkerThread>()
  readonly #restartTimers = new Set<NodeJS.Timeout>()
  #restarts = 0
  #photoMs = EXPECTED_PHOTO_MS
  #closing: Promise<void> | null = null

  constructor(options: ExtractorPoolOptions, threads: readonly WorkerThread[]) {
    this.#options = options
    this.executionProvider = options.setup.executionProvider
    this.#queue = new PhotoQueue(options.queue)
    for (const thread of threads) this.#admit(thread)
    const { name, modelId, dimension, threshold, impostorP99, duplicateThreshold, confidenceSlope, licence } =
      options.setup.manifest
    this.pack = { name, modelId, dimension, threshold, impostorP99, duplicateThreshold, confidenceSlope, licence }
  }

  async extract(photo: Uint8Array, wish: ExtractionWish): Promise<Extraction> {
    if (this.#closing !== null) throw new Refusal('not-ready')
    return new Promise((resolve, reject) => {
      this.#queue.push(
        { photo: ownBuffer(photo), wish, sinceMs: performance.now(), isSecondTry: false, resolve, reject },
        this.#expectedWaitMs(wish.caller),
      )
      this.#dispatch()
    })
  }

  admit(bytes: number, caller?: string): void {
    if (this.#closing !== null) throw new Refusal('not-ready')
    this.#queue.check(bytes, caller, this.#expectedWaitMs(caller))
  }

  status(): ExtractorStatus {
    return {
      workers: this.#idle.size + this.#busy.size,
      busy: this.#busy.size,
      queued: this.#queue.size,
      queuedBytes: this.#queue.bytes,
      restarts: this.#restarts,
      hanging: this.#hanging.size,
      crashLoop: this.#losses.isLoop,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown()
    return this.#closing
  }

  async #shutDown(): Promise<void> {
    for (const timer of this.#restartTimers) clearTimeout(timer)
    for (let waiting = this.#queue.shift(); waiting !== undefined; waiting = this.#queue.shift())
      waiting.reject(new Refusal('not-ready'))
    await Promise.all(this.#busy.values())
    await Promise.all([...this.#idle, ...this.#starting].map((thread) => thread.stop()))
  }

  /** Gives the photos that wait to the workers that don't work. */
  #dispatch(): void {
    for (const thread of this.#idle) {
      const photos = this.#queue.shiftTogether(this.#options.workers, this.#photoMs)
      if (photos.length === 0) return
      this.#idle.delete(thread)
      this.#busy.set(thread, this.#work(thread, photos))
    }
  }

  async #work(thread: WorkerThread, photos: readonly WaitingPhoto[]): Promise<void> {
    const copies = photos.map((waiting) => (waiting.isSecondTry ? null : waiting.photo.slice()))
    const start = performance.now()
    let deadline: NodeJS.Timeout | undefined
    const expired = new Promise<never>((_, expire) => {
      deadline = setTimeout(() => expire(new PhotoTimeout()), this.#options.photoMsMax * photos.length)
    })
    try {
      const outcomes = await Promise.race([thread.extract(photos), expired])
      if (outcomes.some(({ status }) => status === 'fulfilled')) this.#losses.forget()
      for (const [index, outcome] of outcomes.entries())
        if (outcome.status === 'fulfilled') photos[index]?.resolve(outcome.value)
        else photos[index]?.reject(outcome.reason)
      this.#release(thread)
    } catch (error) {
      for (const [index, waiting] of photos.entries())
        this.#makeUpFor(waiting, copies[index] ?? null, error, photos.length === 1)
      if (error instanceof PhotoTimeout) this.#giveUp(thread)
      else if (error instanceof ThreadGone) this.#lose(thread)
      else this.#release(thread)
      this.#dispatch()
    } finally {
      clearTimeout(deadline)
      this.#photoMs += MEASUREMENT_WEIGHT * ((performance.now() - start) / photos.length - this.#photoMs)
    }
  }

  /**
   * The photo may be what ended its worker, or held it up: where it was not alone it is tried alone, where its worker
   * ended it gets a second chance, and never a third.
   */
  #makeUpFor(waiting: WaitingPhoto, copy: WaitingPhoto['photo'] | null, error: unknown, wasAlone: boolean): void {
    if (error instanceof PhotoTimeout && wasAlone)
      waiting.reject(new Refusal('image-unreadable', { secondsMax: this.#options.photoMsMax / 1000 }))
    else if (!(error instanceof PhotoTimeout || error instanceof ThreadGone))
      waiting.reject(error instanceof Error ? error : new Error(String(error)))
    else if (this.#closing !== null) waiting.reject(new Refusal('not-ready'))
    else if (copy === null) waiting.reject(new Refusal('image-unreadable', {}, { cause: error }))
    else this.#queue.putBack({ ...waiting, photo: copy })
  }

  #admit(thread: WorkerThread): void {
    this.#idle.add(thread)
    void thread.ended.then(() => this.#lose(thread))
  }

  #release(thread: WorkerThread): void {
    this.#busy.delete(thread)
    this.#idle.add(thread)
    if (this.#closing === null) this.#dispatch()
  }

  #giveUp(thread: WorkerThread): void {
    thread.abandon()
    this.#busy.delete(thread)
    this.#hanging.add(thread)
    this.#losses.note()
    this.#replenish()
  }

  /** A thread that has ended, whatever it was doing, is made up for; once. */
  #lose(thread: WorkerThread): void {
    if (this.#idle.delete(thread) || this.#busy.delete(thread)) this.#losses.note()
    else if (!this.#hanging.delete(thread)) return
    this.#replenish()
  }

  /**
   * Brings the number of workers back to what it should be. Threads that hang still hold their memory, so of these and
   * workers together there are never more than twice the number.
   */
  #replenish(): void {
    if (this.#closing !== null) return
    const wanted = Math.min(this.#options.workers, 2 * this.#options.workers - this.#hanging.size)
    const coming = this.#idle.size + this.#busy.size + this.#starting.size + this.#restartTimers.size
    for (let missing = wanted - coming; missing > 0; missing--) {
      const timer = setTimeout(() => {
        this.#restartTimers.delete(timer)
        void this.#start()
      }, this.#losses.restartDelayMs)
      this.#restartTimers.add(timer)
    }
  }

  async #start(): Promise<void> {
    const thread = new WorkerThread(this.#options.workerUrl, this.#options.setup)
    this.#starting.add(thread)
    this.#restarts++
    try {
      await thread.ready
      this.#admit(thread)
    } catch {
      this.#losses.note()
    }
    this.#starting.delete(thread)
    if (this.#closing !== null) return
    this.#dispatch()
    this.#replenish()
  }

  /** By what waits now, or by how the caller's turns came of late where that is longer: others may keep coming. */
  #expectedWaitMs(caller: string | undefined): number {
    if (this.#idle.size > 0) return 0
    const byPhotos = (this.#queue.ahead(caller) * this.#photoMs) / Math.max(1, this.#busy.size)
    return Math.max(byPhotos, this.#queue.turnsMs(caller))
  }
}
