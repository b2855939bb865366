import type { Int8SelfTest, PackIdentity, RecogniserSpec } from '../../domain/pack.ts'
import type { ModelTensor } from '../insightface/check-by-running.ts'
import { createOnnxCodec } from '../onnx/codec.ts'
import { quantiseGraph } from '../quantise/quantise-graph.ts'
import type { OpenModel } from '../quantise/running-model.ts'
import { FACES_MIN, type FaceViews, objections, selfTest } from '../self-test/self-test.ts'

export interface Int8Attempt {
  /** The recogniser's file, float32. */
  readonly exact: Uint8Array
  readonly recogniser: Pick<RecogniserSpec, 'inputSize' | 'mirror'>
  readonly pack: Pick<PackIdentity, 'threshold' | 'impostorP99'>
  /** Aligned faces as the recogniser is shown them, different ones as far as possible; three planes each. */
  readonly faces: readonly Float32Array[]
  readonly openModel: OpenModel
  /** What this process has used so far, milliseconds; its own figure where not given. */
  readonly cpuMs?: () => number
  readonly onProgress: (done: number, total: number) => void
}

export interface Int8Outcome {
  /** Null where there was nothing to try. */
  readonly test: Int8SelfTest | null
  /** The int8 graph's file; null where it was refused. */
  readonly bytes: Uint8Array | null
  /** Why it was refused. */
  readonly objections: readonly string[]
}

/**
 * Makes an int8 graph, calibrated on every other face and its mirror image, and tries it against float32 on the rest.
 */
export async function tryInt8(attempt: Int8Attempt): Promise<Int8Outcome> {
  const { exact, faces, onProgress, openModel, pack, recogniser } = attempt
  if (faces.length < 2 * FACES_MIN) {
    return refused(`${faces.length} faces to calibrate and try it with, ${2 * FACES_MIN} needed`)
  }
  const side = recogniser.inputSize
  const view = (data: Float32Array): ModelTensor => ({ data, dims: [1, 3, side, side] })
  const both = faces.map((face) => [view(face), view(mirrored(face, side))] as const)
  const calibration = both.filter((_, i) => i % 2 === 0).flat()
  const tried = both.filter((_, i) => i % 2 === 1)
  const trials: readonly FaceViews[] = recogniser.mirror ? tried : tried.flat().map((one) => [one])
  const total = calibration.length + trials.length
  let done = 0
  const step = () => onProgress(++done, total)

  const codec = createOnnxCodec()
  const model = await quantiseGraph(codec.decode(exact), calibration, openModel, step)
  if (model === null) return refused('the recogniser holds no convolution or matrix product that int8 covers')
  const bytes = codec.encode(model)
  const test = await selfTest({ ...attempt, quick: bytes, faces: trials, onFace: step })
  const reasons = objections(test, pack)
  return { test, bytes: reasons.length === 0 ? bytes : null, objections: reasons }
}

function refused(reason: string): Int8Outcome {
  return { test: null, bytes: null, objections: [reason] }
}

/** Each row from its end. */
function mirrored(face: Float32Array, width: number): Float32Array {
  return face.map((_, i) => face[i - (i % width) + width - 1 - (i % width)] ?? 0)
}
