/*
 * A whole server, built and composed as `nhandien serve` does it, in a process of its own that can be killed. Only photos
 * are not looked at: a "photo" is a template, byte for byte, so that what a test writes costs no inference.
 *
 * Tells its parent `{ port }` when it serves, answers `'verify'` with what comparing its gallery with the records found,
 * closes properly on SIGTERM, and dies at a step of its next snapshot when it is told `{ killAt }` (kill-at-step.mjs).
 */
import './kill-at-step.mjs'
import { createHash } from 'node:crypto'
import { serverOptions } from '../../dist/cli/serve.js'
import { compose } from '../../dist/compose.js'
import { loadConfig } from '../../dist/config/load.js'
import { Refusal } from '../../dist/domain/errors.js'
import { checkTemplate } from '../../dist/domain/template.js'
import { createServer } from '../../dist/http/server.js'

const DIMENSION = 128
const PACK = {
  name: 'templates',
  modelId: `templates/${DIMENSION}`,
  dimension: DIMENSION,
  threshold: 0.7,
  impostorP99: 0.5,
  duplicateThreshold: 0.7,
  confidenceSlope: 10,
  licence: 'none needed',
}
const IDLE = { workers: 1, busy: 0, queued: 0, queuedBytes: 0, restarts: 0, hanging: 0, crashLoop: false }
const NO_TIME = { decode: 0, detect: 0, landmarks: 0, align: 0, embed: 0 }
const FACE = {
  box: { x: 0, y: 0, width: 100, height: 100 },
  detectionScore: 1,
  landmarks: [
    [30, 40],
    [70, 40],
    [50, 60],
    [35, 80],
    [65, 80],
  ],
  quality: { sizePx: 100, sharpness: 1, brightness: 0.5, yaw: 0, pitch: 0, roll: 0, score: 1 },
}

const templateReader = {
  pack: PACK,
  executionProvider: 'cpu',
  async extract(photo) {
    const bytes = Uint8Array.from(photo)
    if (bytes.length !== DIMENSION * 4) throw new Refusal('image-unreadable')
    const template = new Float32Array(bytes.buffer)
    checkTemplate(template, DIMENSION)
    return {
      width: 100,
      height: 100,
      photoSha256: createHash('sha256').update(bytes).digest('hex'),
      faces: [{ ...FACE, template, crop: null }],
      mainFace: 0,
      timings: NO_TIME,
    }
  },
  admit() {},
  status: () => IDLE,
  async close() {},
}

const { config } = loadConfig()
const notices = { step() {}, notice: (message, facts) => process.send?.({ notice: message, facts }) }
const nhandien = await compose(config, notices, { openExtractor: async () => templateReader })
const server = await createServer(nhandien.operations, serverOptions(config, nhandien))
await server.listen({ host: config.host, port: config.port })

process.on('message', async (message) => {
  if (typeof message.killAt === 'string') process.env.KILL_AT = message.killAt
  if (message === 'verify') process.send?.({ verdict: await nhandien.verifyGallery() })
})
process.on('SIGTERM', async () => {
  nhandien.drain()
  await server.close()
  await nhandien.close()
  process.exit(0)
})
// Whose parent was killed has nobody left to serve.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.send?.({ port: server.addresses()[0]?.port })
