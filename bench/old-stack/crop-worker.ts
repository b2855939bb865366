/** Decodes and embeds one crop again and again, as a worker of the server does after detection. */
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { openStages } from '../../src/extraction/stages.ts'
import type { CropOrder } from './crops.ts'

const WARM_UP = 5

if (parentPort === null) throw new Error('This module runs as a worker thread only')
const { setup, crop, times }: CropOrder = workerData
const { decoder, probeEmbedder, release } = await openStages(setup)
await embed(WARM_UP)
parentPort.postMessage('ready')
await once(parentPort, 'message')
await embed(times)
parentPort.postMessage('done')
await release()
parentPort.close()

async function embed(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { picture } = await decoder.decode(crop)
    const [template = null] = await probeEmbedder.embed([picture], false)
    if (template === null) throw new Error('the crop was not embedded')
  }
}
