import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { isRefusal } from '../../domain/errors.ts'
import { extractFaces } from '../extract-faces.ts'
import { type ExtractionSetup, openStages, type Stages } from '../stages.ts'
import { giveWay } from './give-way.ts'
import type { Answer, FromWorker, ToWorker } from './messages.ts'

/** The entry point of a worker thread: it owns its models and does what it is sent one after the other. */
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

async function answer(port: MessagePort, { photos }: ToWorker & { kind: 'extract' }, stages: Stages): Promise<void> {
  try {
    const outcomes = await extractFaces(photos, stages)
    post(port, {
      kind: 'answers',
      answers: outcomes.map((outcome) =>
        outcome.status === 'fulfilled'
          ? { kind: 'extracted', extraction: outcome.value }
          : refusalOrFault(outcome.reason),
      ),
    })
  } catch (error) {
    post(port, { kind: 'answers', answers: photos.map(() => refusalOrFault(error)) })
  }
}

function refusalOrFault(error: unknown): Answer {
  if (isRefusal(error)) return { kind: 'refused', code: error.code, details: error.details }
  return { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

async function stop(port: MessagePort, stages: Stages): Promise<void> {
  await stages.release()
  port.close()
}

function post(port: MessagePort, message: FromWorker): void {
  port.postMessage(message, message.kind === 'answers' ? message.answers.flatMap(buffersOf) : [])
}

/** Handed over instead of copied. */
function buffersOf(answer: Answer): ArrayBuffer[] {
  if (answer.kind !== 'extracted') return []
  return answer.extraction.faces
    .flatMap(({ template, crop }) => [template?.buffer, crop?.buffer])
    .filter((buffer) => buffer instanceof ArrayBuffer)
}
