import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { OpenPack } from '../../src/domain/pack.ts'
import type { ExtractionSetup } from '../../src/extraction/stages.ts'

/** What a thread that embeds crops is told. */
export interface CropOrder {
  readonly setup: ExtractionSetup
  readonly crop: Uint8Array
  readonly times: number
}

const WORKER = fileURLToPath(new URL('./crop-worker.js', import.meta.url))
const KERNEL = fileURLToPath(new URL('../../../extraction/picture/kernel.wasm', import.meta.url))
const LIMITS = { bytesMax: 2 ** 20, pixelsMax: 2 ** 20, secondsMax: 10 }
const MICROSECONDS_PER_MS = 1_000

/**
 * CPU-ms of decoding and embedding one aligned crop with the stages of extraction, in so many threads at once, without a
 * server and without detection.
 */
export async function cropCpuMs(pack: OpenPack, crop: Uint8Array, threads: number, times: number): Promise<number> {
  const setup: ExtractionSetup = {
    ...pack,
    executionProvider: 'cpu',
    pictureKernel: KERNEL,
    mirrorProbes: false,
    int8Probes: pack.manifest.int8 !== undefined,
    embeddedFacesMax: 1,
    decodeLimits: LIMITS,
  }
  const order: CropOrder = { setup, crop, times }
  const workers = Array.from({ length: threads }, () => new Worker(WORKER, { workerData: order }))
  const ended = workers.map((worker) => once(worker, 'exit'))
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  const began = process.cpuUsage()
  const done = workers.map((worker) => once(worker, 'message'))
  for (const worker of workers) worker.postMessage('go')
  await Promise.all(done)
  const { user, system } = process.cpuUsage(began)
  await Promise.all(ended)
  return (user + system) / MICROSECONDS_PER_MS / (threads * times)
}
