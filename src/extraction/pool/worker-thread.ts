import { Worker } from 'node:worker_threads'
import { Refusal } from '../../domain/errors.ts'
import type { Extraction } from '../../domain/extractor.ts'
import type { WishedPhoto } from '../extract-faces.ts'
import type { ExtractionSetup } from '../stages.ts'
import type { Answer, FromWorker, ToWorker } from './messages.ts'

/**
 * The JavaScript heap of a worker, MiB; pixels and models live outside of it. A photo that drives it further ends that
 * worker alone. What is young is few and small, and while it waits to be collected it holds decoded pixels.
 */
const HEAP_MIB_MAX = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 3 }

/** The thread ended while it had work to do. */
export class ThreadGone extends Error {
  override readonly name = 'ThreadGone'
}

interface OwnedPhoto extends WishedPhoto {
  readonly photo: Uint8Array<ArrayBuffer>
}

interface Pending {
  resolve(outcomes: readonly PromiseSettledResult<Extraction>[]): void
  reject(error: Error): void
}

/** One worker and the photos it is at. It is never terminated from outside: see `abandon`. */
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
        else this.#settle(message.answers)
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
   * @param photos of one purpose; their buffers are transferred away
   * @returns for each its faces, or Refusal of the photo, or Error for a fault within
   * @throws ThreadGone
   */
  extract(photos: readonly OwnedPhoto[]): Promise<readonly PromiseSettledResult<Extraction>[]> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject }
      this.#post(
        { kind: 'extract', photos: photos.map(({ photo, wish }) => ({ photo, wish })) },
        photos.map(({ photo }) => photo.buffer),
      )
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

  #settle(answers: readonly Answer[]): void {
    const pending = this.#pending
    this.#pending = null
    pending?.resolve(answers.map(outcomeOf))
  }
}

function outcomeOf(answer: Answer): PromiseSettledResult<Extraction> {
  if (answer.kind === 'extracted') return { status: 'fulfilled', value: answer.extraction }
  const reason = answer.kind === 'refused' ? new Refusal(answer.code, answer.details) : new Error(answer.message)
  return { status: 'rejected', reason }
}
