import { isRefusal } from '../../domain/errors.ts'
import type { OpenPack, RecogniserSpec } from '../../domain/pack.ts'
import { createOnnxCodec } from '../onnx/codec.ts'
import { confidenceSlope } from '../packs/calibration.ts'
import { modelIdOf } from '../packs/model-id.ts'
import { openPack } from '../packs/open-pack.ts'
import { sha256Hex } from '../packs/pack-file.ts'
import { type PackContent, writePack } from '../packs/write-pack.ts'
import { rewritePrelu } from '../rewrite/prelu.ts'
import { convertNetwork } from './convert-network.ts'
import { type NetworkSource, readNetworkSources } from './sources.ts'

export const DEFAULT_PACK_NAME = 'default'

/** To be raised whenever the conversion makes other graphs out of the same weights. */
const CONVERSION_VERSION = 3

/** For searching many people; the score that 1 of 1,000 pairs of strangers reaches is 0.926 (LFW View 2). */
const THRESHOLD = 0.93
/** Medians and percentile of the cosines of LFW View 2, 6,000 pairs, with the mirrored face added. */
const GENUINE_MEDIAN = 0.956
const IMPOSTOR_P99 = 0.908
/** At 0.93, 11 of 261 photos of 47 people could not be enrolled beside the others, at this none; 95 % of doubles are seen. */
const DUPLICATE_THRESHOLD = 0.95

const RECOGNISER: Omit<RecogniserSpec, 'file'> = {
  aligner: 'dlib-chip',
  inputSize: 150,
  mean: [122.782, 117.001, 104.298],
  divisor: 255,
  mirror: true,
}

/**
 * Makes sure that the default pack lies in the data directory: opens the one that is there, or converts the networks
 * where it is missing, damaged, or made from other sources.
 * @param onProgress called before each step of a conversion, and once after the last
 */
export async function installDefaultPack(
  dataDir: string,
  onProgress: (done: number, total: number, step: string) => void = () => {},
): Promise<OpenPack> {
  const sources = await readNetworkSources()
  const source = describeSources(sources)
  const installed = await openInstalled(dataDir, source)
  if (installed !== null) return installed

  const codec = createOnnxCodec()
  const files: PackContent['files'][number][] = []
  for (const [done, network] of sources.entries()) {
    onProgress(done, sources.length, network.network)
    files.push({ name: fileName(network.network), bytes: codec.encode(rewritePrelu(convertNetwork(network))) })
    // Conversion is a short computation; between two of them signals and timers get their turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
  await writePack(dataDir, { manifest: describePack(sources, source), files }, async () =>
    (await openInstalled(dataDir, source)) === null ? 'replace' : 'keep',
  )
  onProgress(sources.length, sources.length, 'done')
  return openPack(dataDir, DEFAULT_PACK_NAME)
}

/** Null where the pack is missing, damaged, or made from something else. */
async function openInstalled(dataDir: string, source: string): Promise<OpenPack | null> {
  try {
    const pack = await openPack(dataDir, DEFAULT_PACK_NAME)
    return pack.manifest.source === source ? pack : null
  } catch (error) {
    if (isRefusal(error, 'model-refused')) return null
    throw error
  }
}

function fileName(network: NetworkSource['network']): string {
  return `${network}.onnx`
}

/** Says exactly what the pack is made from, so that another source makes another text. */
function describeSources(sources: readonly NetworkSource[]): string {
  const parts = sources.map(({ network, origin, description, weights }) => {
    const hash = sha256Hex(Buffer.concat([Buffer.from(description), weights]))
    return `${network} of ${origin} (SHA-256 ${hash})`
  })
  return `${parts.join(', ')}; conversion ${CONVERSION_VERSION}`
}

function describePack(sources: readonly NetworkSource[], source: string): PackContent['manifest'] {
  const recogniserWeights = sources.find(({ network }) => network === 'dlib-resnet')?.weights ?? new Uint8Array()
  return {
    name: DEFAULT_PACK_NAME,
    // By the weights as published: another way of writing the same network down leaves templates comparable.
    modelId: modelIdOf(sha256Hex(recogniserWeights), RECOGNISER),
    dimension: 128,
    threshold: THRESHOLD,
    impostorP99: IMPOSTOR_P99,
    duplicateThreshold: DUPLICATE_THRESHOLD,
    confidenceSlope: confidenceSlope(THRESHOLD, GENUINE_MEDIAN),
    licence: 'MIT',
    detector: { kind: 'blazeface', file: fileName('blazeface'), inputSize: 256, scoreMin: 0.3 },
    landmarks: { kind: 'facemesh', file: fileName('facemesh'), inputSize: 192, flagMin: 0.5 },
    recogniser: { file: fileName('dlib-resnet'), ...RECOGNISER },
    source,
  }
}
