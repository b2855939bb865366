import { Worker } from 'node:worker_threads'
import { Refusal } from '../../domain/errors.ts'
import type { Extraction, ExtractionWish } from '../../domain/extractor.ts'
import type { ExtractionSetup } from '../stages.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/**
 * The JavaScript heap of a worker, MiB; pixels and models live outside of it. A photo that drives it further ends that
 * worker alone. What is young is few and small, and while it waits to be collected it holds decoded pixels.
 */
const HEAP_MIB_MAX = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 3 }

/** The thread ended while it had work to do. */
export class ThreadGone extends Error {
  override readonly name = 'ThreadGone'
}

interface Pending {
  resolve(extraction: Extraction): void
  reject(error: Error): void
}

/** One worker and the photo it is at. It is never terminated from outside: see `abandon`. */
export class WorkerThread {
  readonly #worker: Worker
  #pending: Pending | null = null
  #lastError: unknown
  /** Settles when the models are loaded; rejects with why they could not be. */
  readonly ready: Promise<void>
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>

  constructor(url: URL, setup: ExtractionSetup) {
    this.#worker = new Worker(url, { workerData: setup, resourceLimits: HEAP_MIB_MAX, name: 'extraction' })
    this.#worker.on('error', (error) => {
      this.#lastError = error
    })
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve()
        else this.#settle(message)
      })
      this.#worker.on('exit', (code) => reject(this.#gone(code)))
    })
    // A thread that was abandoned while it started has nobody left to tell.
    this.ready.catch(() => {})
    this.ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#pending?.reject(this.#gone(code))
        this.#pending = null
        resolve()
      })
    })
  }

  /**
   * @param photo its buffer is transferred away
   * @throws Refusal of the photo; ThreadGone; Error for a fault within
   */
  extract(photo: Uint8Array<ArrayBuffer>, wish: ExtractionWish): Promise<Extraction> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject }
      this.#post({ kind: 'extract', photo, wish }, [photo.buffer])
    })
  }

  /** Ends the thread after what it is doing. */
  async stop(): Promise<void> {
    this.#post({ kind: 'stop' }, [])
    await this.ended
  }

  /**
   * Gives up on a thread that hangs. Terminating a thread inside a running model aborts the whole process (and a thread
   * in native code can't be interrupted anyway), so it is left alone: its answer is dropped, it ends by itself should it
   * ever come back, and it does not keep the process alive.
   */
  abandon(): void {
    this.#pending = null
    this.#post({ kind: 'stop' }, [])
    this.#worker.unref()
  }

  #gone(code: number): ThreadGone {
    return new ThreadGone(`The extraction worker ended with code ${code}`, { cause: this.#lastError })
  }

  #post(message: ToWorker, transfer: ArrayBuffer[]): void {
    this.#worker.postMessage(message, transfer)
  }

  #settle(message: Exclude<FromWorker, { kind: 'ready' }>): void {
    const pending = this.#pending
    this.#pending = null
    if (message.kind === 'extracted') pending?.resolve(message.extraction)
    else if (message.kind === 'refused') pending?.reject(new Refusal(message.code, message.details))
    else pending?.reject(new Error(message.message))
  }
}
