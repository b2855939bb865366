import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { isRefusal } from '../../domain/errors.ts'
import type { Extraction } from '../../domain/extractor.ts'
import { extractFaces } from '../extract-faces.ts'
import { type ExtractionSetup, openStages, type Stages } from '../stages.ts'
import { giveWay } from './give-way.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** The entry point of a worker thread: it owns its models and extracts one photo after the other. */
if (parentPort === null) throw new Error('This module runs as a worker thread only')
giveWay()
const setup: ExtractionSetup = workerData
await serve(parentPort, await openStages(setup))

async function serve(port: MessagePort, stages: Stages): Promise<void> {
  let work = Promise.resolve()
  port.on('message', (message: ToWorker) => {
    work = work.then(() => (message.kind === 'stop' ? stop(port, stages) : answer(port, message, stages)))
  })
  post(port, { kind: 'ready' })
}

async function answer(port: MessagePort, message: ToWorker & { kind: 'extract' }, stages: Stages): Promise<void> {
  try {
    post(port, { kind: 'extracted', extraction: await extractFaces(message.photo, message.wish, stages) })
  } catch (error) {
    if (isRefusal(error)) post(port, { kind: 'refused', code: error.code, details: error.details })
    else
      post(port, { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

async function stop(port: MessagePort, stages: Stages): Promise<void> {
  await stages.release()
  port.close()
}

function post(port: MessagePort, message: FromWorker): void {
  port.postMessage(message, message.kind === 'extracted' ? buffersOf(message.extraction) : [])
}

/** Handed over instead of copied. */
function buffersOf({ faces }: Extraction): ArrayBuffer[] {
  return faces
    .flatMap(({ template, crop }) => [template?.buffer, crop?.buffer])
    .filter((buffer) => buffer instanceof ArrayBuffer)
}
