/**
 * Regenerates src/models/parity/golden.json: what the default pack's networks answer in their original runtime
 * (TensorFlow.js on its plain CPU backend, as bundled in the two npm packages) to fixed synthetic images.
 *
 *   node scripts/golden-models.mjs
 *
 * Nothing has to be installed beyond the project's own dependencies. The bundles are opened by path, because the
 * packages' main files want a native TensorFlow.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)
const packageRoot = (name) => path.join(path.dirname(require.resolve(name)), '..')
const human = packageRoot('@vladmandic/human')
const faceApi = packageRoot('@vladmandic/face-api')

/** Images are this many blocks wide and high, whatever the network's input; a block is one RGB colour. */
const BLOCKS = 16
const IMAGES = 2
/** Of a long output only every n-th value is kept, so that about this many remain. */
const VALUES_KEPT = 150

function blockImage(seed) {
  let state = seed
  return Uint8Array.from({ length: BLOCKS * BLOCKS * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

/** Pixels [side, side, 3] in rows, 0 to 255. */
function enlarge(blocks, side) {
  const pixels = new Float32Array(side * side * 3)
  for (let i = 0; i < pixels.length; i++) {
    const [y, x, channel] = [Math.floor(i / 3 / side), Math.floor(i / 3) % side, i % 3]
    const block = Math.floor((y * BLOCKS) / side) * BLOCKS + Math.floor((x * BLOCKS) / side)
    pixels[i] = blocks[block * 3 + channel]
  }
  return pixels
}

function summarise(values) {
  const stride = Math.max(1, Math.floor(values.length / VALUES_KEPT))
  const kept = []
  for (let i = 0; i < values.length; i += stride) kept.push(Number(values[i].toPrecision(8)))
  return {
    length: values.length,
    stride,
    values: kept,
    norm: Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)),
    largest: values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
  }
}

function version(tensorflow) {
  return `TensorFlow.js ${tensorflow.version.tfjs}`
}

async function runGraphModel(tf, name, side, normalise, blocks) {
  const json = JSON.parse(readFileSync(path.join(human, 'models', `${name}.json`), 'utf8'))
  const file = readFileSync(path.join(human, 'models', `${name}.bin`))
  const model = await tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
      weightData: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength),
    }),
  )
  const outputNames = model.outputs.map((output) => output.name.split(':')[0]).sort()
  const outputs = model.execute(tf.tensor4d(enlarge(blocks, side).map(normalise), [1, side, side, 3]), outputNames)
  return Object.fromEntries(outputNames.map((output, i) => [output, summarise(outputs[i].dataSync())]))
}

async function runRecogniser(faceapi, blocks) {
  const net = new faceapi.FaceRecognitionNet()
  const manifest = JSON.parse(
    readFileSync(path.join(faceApi, 'model/face_recognition_model-weights_manifest.json'), 'utf8'),
  )
  const file = readFileSync(path.join(faceApi, 'model/face_recognition_model.bin'))
  const weights = faceapi.tf.io.decodeWeights(
    file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength),
    manifest.flatMap((group) => group.weights),
  )
  net.loadFromWeightMap(weights)
  const side = 150
  const output = await net.forward(faceapi.tf.tensor4d(enlarge(blocks, side), [1, side, side, 3]))
  return { embedding: summarise(await output.data()) }
}

// The bundles were made for browsers and look for one; the second warns of every kernel the first registered.
globalThis.window = globalThis
globalThis.document = {}
console.warn = () => {}

const tf = await import(pathToFileURL(path.join(human, 'dist/tfjs.esm.js')).href)
await tf.setBackend('cpu')
const faceapi = await import(pathToFileURL(path.join(faceApi, 'dist/face-api.esm.js')).href)
await faceapi.tf.setBackend('cpu')

const cases = []
for (let image = 0; image < IMAGES; image++) {
  const blocks = blockImage(2026 + image)
  cases.push({
    blocks: Buffer.from(blocks).toString('base64'),
    networks: {
      blazeface: await runGraphModel(tf, 'blazeface', 256, (x) => x / 127.5 - 1, blocks),
      facemesh: await runGraphModel(tf, 'facemesh', 192, (x) => x / 255, blocks),
      'dlib-resnet': await runRecogniser(faceapi, blocks),
    },
  })
}
const target = path.join(import.meta.dirname, '../src/models/parity/golden.json')
const runtime = { blazeface: version(tf), facemesh: version(tf), 'dlib-resnet': version(faceapi.tf) }
writeFileSync(target, `${JSON.stringify({ runtime, cases })}\n`)
process.stdout.write(`${target} written from ${JSON.stringify(runtime)}\n`)
