import { Worker } from 'node:worker_threads'
import type { Candidate } from '../domain/candidate.ts'
import { Refusal } from '../domain/errors.ts'
import { BATCH_MAX, type Layout } from './layout.ts'
import type { ScanJob } from './scan-shards.ts'
import type { SearchAnswer, SearchRequest, SearchWorkerStart } from './search-worker.ts'
import type { Shard } from './shard.ts'

/** Searches that may wait; one more is refused. At a million templates this is about 10 s of work for one thread. */
export const SEARCHES_WAITING_MAX = 512

interface Waiting {
  readonly job: ScanJob
  /** The shards to be searched, the same array for all searches of the same content. */
  readonly shards: readonly Shard[]
  readonly resolve: (candidates: readonly Candidate[]) => void
  readonly reject: (reason: unknown) => void
}

interface Thread {
  readonly number: number
  /** Null until it is needed, and again when it broke. */
  worker: Worker | null
  /** What it searches, and how many shards of it it was told of. */
  shards: readonly Shard[] | null
  told: number
  doing: readonly Waiting[]
  /** Told when it has done what it does, for it to be ended; null where it goes on. */
  whenDone: (() => void) | null
}

/**
 * Threads that search shared memories. Searches that wait while all threads are busy are taken up to `BATCH_MAX` at a
 * time, in one pass over the memory.
 */
export class SearchPool {
  readonly #start: Omit<SearchWorkerStart, 'thread'>
  readonly #file: URL
  readonly #threads: Thread[] = []
  readonly #waiting: Waiting[] = []
  #closed = false

  /** @param threads numbered from 1 in the layout's scratch; 0 is whoever writes */
  constructor(file: URL, kernel: WebAssembly.Module, layout: Layout, threads: number) {
    this.#file = file
    this.#start = { kernel, layout }
    for (let number = 1; number <= threads; number++) {
      this.#threads.push({ number, worker: null, shards: null, told: 0, doing: [], whenDone: null })
    }
  }

  /** @throws Refusal `overloaded`, `not-ready` after `close` */
  search(shards: readonly Shard[], job: ScanJob): Promise<readonly Candidate[]> {
    if (this.#closed) return Promise.reject(new Refusal('not-ready', { part: 'gallery' }))
    if (this.#waiting.length >= SEARCHES_WAITING_MAX)
      return Promise.reject(new Refusal('overloaded', { part: 'gallery' }))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ shards, job, resolve, reject })
      this.#dispatch()
    })
  }

  /**
   * Lets go of the memories that were searched before: whoever cleared the gallery wants them back. A thread that has
   * nothing to do collects no garbage either, so the threads end, the idle ones now; others start when they are needed.
   */
  async forget(): Promise<void> {
    await Promise.all(
      this.#threads.map(
        (thread) =>
          new Promise<void>((resolve) => {
            const others = thread.whenDone
            thread.whenDone = () => {
              others?.()
              resolve(this.#end(thread))
            }
            if (thread.doing.length === 0) thread.whenDone()
          }),
      ),
    )
  }

  /** The thread is free for another worker at once. */
  async #end(thread: Thread): Promise<void> {
    const { worker } = thread
    Object.assign(thread, { worker: null, shards: null, told: 0, whenDone: null } satisfies Partial<Thread>)
    await worker?.terminate()
  }

  /** Ends the threads; searches that were not answered are refused. */
  async close(): Promise<void> {
    this.#closed = true
    const threads = this.#threads.splice(0)
    const unanswered = [...this.#waiting.splice(0), ...threads.flatMap((thread) => thread.doing)]
    for (const { reject } of unanswered) reject(new Refusal('not-ready', { part: 'gallery' }))
    await Promise.all(threads.map((thread) => thread.worker?.terminate()))
  }

  #dispatch(): void {
    for (const thread of this.#threads) {
      const first = this.#waiting[0]
      if (first === undefined) return
      if (thread.doing.length > 0) continue
      const others = this.#waiting.findIndex((waiting) => waiting.shards !== first.shards)
      const alike = others < 0 ? this.#waiting.length : others
      // Idle threads share what waits; only what is left over for each is done in one pass.
      const idle = this.#threads.filter(({ doing }) => doing.length === 0).length
      const batch = this.#waiting.splice(0, Math.min(BATCH_MAX, Math.ceil(alike / idle)))
      thread.doing = batch
      const isNew = thread.shards !== first.shards || thread.told !== first.shards.length
      thread.shards = first.shards
      thread.told = first.shards.length
      const request: SearchRequest = {
        jobs: batch.map(({ job }) => job),
        ...(isNew ? { memories: first.shards.map((shard) => shard.memory) } : {}),
      }
      thread.worker ??= this.#startWorker(thread)
      thread.worker.ref()
      thread.worker.postMessage(request)
    }
  }

  #startWorker(thread: Thread): Worker {
    const start: SearchWorkerStart = { ...this.#start, thread: thread.number }
    const worker = new Worker(this.#file, { workerData: start })
    worker.on('message', ({ candidates }: SearchAnswer) => {
      const done = thread.doing
      thread.doing = []
      worker.unref()
      done.forEach(({ resolve }, index) => {
        resolve(candidates[index] ?? [])
      })
      thread.whenDone?.()
      this.#dispatch()
    })
    let fault: unknown = new Error('a search thread ended')
    worker.on('error', (error) => {
      fault = error
    })
    worker.on('exit', () => {
      if (thread.worker !== worker) return
      // It takes its searches with it; another one starts when there is something to search.
      const { doing: lost, whenDone } = thread
      Object.assign(thread, {
        worker: null,
        shards: null,
        told: 0,
        doing: [],
        whenDone: null,
      } satisfies Partial<Thread>)
      for (const { reject } of lost) reject(fault)
      whenDone?.()
      this.#dispatch()
    })
    return worker
  }
}
