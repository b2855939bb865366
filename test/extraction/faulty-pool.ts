import { BroadcastChannel } from 'node:worker_threads'
import type { ExtractionWish, FaceExtractor } from '../../src/domain/extractor.ts'
import { createExtractorPool, type ExtractorPoolOptions } from '../../src/extraction/pool/extractor-pool.ts'
import type { ExtractionSetup } from '../../src/extraction/stages.ts'

/**
 * A real thread that speaks the workers' protocol and misbehaves as the photo's first letter says: `c` crashes, `f`
 * fails, `o` (followed by a path) crashes the first time, `w` works until the gate opens, `h` does so too and does not even hear that it should stop.
 */
const FAULTY_WORKER = `
import { mkdirSync } from 'node:fs'
import { BroadcastChannel, parentPort } from 'node:worker_threads'
const gate = new BroadcastChannel('faulty-worker-gate')
const held = []
const stop = () => { gate.close(); parentPort.close() }
let deaf = false
let stopped = false
gate.onmessage = () => {
  deaf = false
  for (const answer of held.splice(0)) answer()
  if (stopped) stop()
}
const isNew = (photo) => {
  try {
    return mkdirSync(new TextDecoder().decode(photo.subarray(1))) === undefined
  } catch {
    return false
  }
}
const timings = { decode: 0, detect: 0, landmarks: 0, align: 0, embed: 0 }
parentPort.on('message', (message) => {
  if (message.kind === 'stop') {
    stopped = true
    if (!deaf) stop()
    return
  }
  const letters = message.photos.map(({ photo }) => String.fromCharCode(photo[0]))
  const answers = message.photos.map(({ photo }, index) => letters[index] === 'f'
    ? { kind: 'failed', message: 'failed on purpose' }
    : { kind: 'extracted', extraction: { width: photo.length, height: letters.length, photoSha256: letters[index], faces: [], mainFace: -1, timings } })
  const answer = () => parentPort.postMessage({ kind: 'answers', answers })
  if (letters.some((letter, index) => letter === 'c' || (letter === 'o' && isNew(message.photos[index].photo)))) throw new Error('crashed on purpose')
  if (letters.includes('w') || letters.includes('h')) {
    deaf = letters.includes('h')
    held.push(answer)
  } else answer()
})
parentPort.postMessage({ kind: 'ready' })
`
export const WISH: ExtractionWish = { purpose: 'detect', embed: 'all', crops: false }

const setup: ExtractionSetup = {
  manifest: {
    format: 1,
    name: 'test',
    modelId: 'test',
    dimension: 4,
    threshold: 0.5,
    impostorP99: 0.3,
    duplicateThreshold: 0.5,
    confidenceSlope: 10,
    licence: 'MIT',
    detector: { kind: 'scrfd', file: 'absent.onnx', inputSize: 640, scoreMin: 0.5, iouMax: 0.4 },
    landmarks: null,
    recogniser: {
      file: 'absent.onnx',
      aligner: 'arcface',
      inputSize: 112,
      mean: [0, 0, 0],
      divisor: 255,
      mirror: false,
    },
    files: [],
    source: 'none',
  },
  folder: '/nonexistent',
  executionProvider: 'cpu',
  pictureKernel: '/nonexistent',
  mirrorProbes: true,
  int8Probes: false,
  decodeLimits: { bytesMax: 1000, pixelsMax: 1000, secondsMax: 1 },
  embeddedFacesMax: 10,
}

const opened: FaceExtractor[] = []
const gate = new BroadcastChannel('faulty-worker-gate')
gate.unref()
export const openGate = () => gate.postMessage('open')

export async function pool(changes: Partial<ExtractorPoolOptions> = {}): Promise<FaceExtractor> {
  const extractor = await createExtractorPool({
    workerUrl: new URL(`data:text/javascript,${encodeURIComponent(FAULTY_WORKER)}`),
    workers: 1,
    setup,
    queue: { photosMax: 10, bytesMax: 1000, ageMsMax: 20_000 },
    photoMsMax: 20_000,
    ...changes,
  })
  opened.push(extractor)
  return extractor
}

export const photo = (letter: string, bytes = 1) => new Uint8Array(bytes).fill(letter.charCodeAt(0))
export const extract = (extractor: FaceExtractor, letter: string, bytes?: number) =>
  extractor.extract(photo(letter, bytes), WISH)

/** Whatever they are at. */
export async function closePools(): Promise<void> {
  openGate()
  await Promise.all(opened.splice(0).map((extractor) => extractor.close()))
}
