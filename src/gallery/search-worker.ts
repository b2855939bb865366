import { parentPort, workerData } from 'node:worker_threads'
import type { Candidate } from '../domain/candidate.ts'
import type { Layout } from './layout.ts'
import { type ScanJob, scanShards } from './scan-shards.ts'
import { Shard } from './shard.ts'

/* A thread that searches. It reads the shared memories and writes only to its own scratch in each of them. */

export interface SearchWorkerStart {
  readonly kernel: WebAssembly.Module
  readonly layout: Layout
  /** Its number among the threads that have scratch. */
  readonly thread: number
}

export interface SearchRequest {
  /** One or more. */
  readonly jobs: readonly ScanJob[]
  /** The memories to search from now on; absent where they are those of the request before. */
  readonly memories?: readonly WebAssembly.Memory[]
}

export interface SearchAnswer {
  readonly candidates: readonly (readonly Candidate[])[]
}

const start: SearchWorkerStart = workerData
let shards: readonly Shard[] = []

parentPort?.on('message', ({ jobs, memories }: SearchRequest) => {
  if (memories !== undefined) {
    shards = memories.map((memory) => new Shard(start.kernel, memory, start.layout, start.thread))
  }
  const answer: SearchAnswer = { candidates: scanShards(shards, jobs) }
  parentPort?.postMessage(answer)
})
