import type { PackManifest, RecogniserSpec } from '../../domain/pack.ts'
import { confidenceSlope } from '../packs/calibration.ts'
import { modelIdOf } from '../packs/model-id.ts'
import type { PackContent } from '../packs/write-pack.ts'
import { ARCFACE_CALIBRATION } from './arcface-calibration.ts'
import { RECOGNISER_SIDE } from './model-role.ts'

const RECOGNISER_FILE = 'recogniser.onnx'
const DETECTOR_FILE = 'detector.onnx'
/** Longest side that photos are reduced to for a detector that takes any. */
const DETECTOR_INPUT_SIZE = 640

/** What finds faces and their points, with its files. */
export interface DetectionPart extends Pick<PackManifest, 'detector' | 'landmarks'> {
  readonly files: PackContent['files']
}

export interface ArcfacePackParts {
  readonly name: string
  readonly licence: string
  readonly source: string
  /** Of the weights as they were published, so that another way of writing them down makes no other model. */
  readonly weightsSha256: string
  readonly recogniser: {
    readonly bytes: Uint8Array
    readonly dimension: number
    readonly mean: number
    readonly divisor: number
  }
  readonly detection: DetectionPart
}

/** An SCRFD detector that gives the five points itself; `inputSize` is null where it takes any multiple of 32. */
export function scrfdDetection(bytes: Uint8Array, inputSize: number | null): DetectionPart {
  return {
    detector: {
      kind: 'scrfd',
      file: DETECTOR_FILE,
      inputSize: inputSize ?? DETECTOR_INPUT_SIZE,
      scoreMin: 0.5,
      iouMax: 0.4,
    },
    landmarks: null,
    files: [{ name: DETECTOR_FILE, bytes }],
  }
}

/** A pack around a recogniser of 112×112 faces aligned as ArcFace aligns them. */
export function arcfacePack(parts: ArcfacePackParts): PackContent {
  const { detection, licence, name, recogniser, source } = parts
  const { mean, divisor } = recogniser
  const embedding: Omit<RecogniserSpec, 'file'> = {
    aligner: 'arcface',
    inputSize: RECOGNISER_SIDE,
    mean: [mean, mean, mean],
    divisor,
    mirror: false,
  }
  return {
    manifest: {
      name,
      modelId: modelIdOf(parts.weightsSha256, embedding),
      dimension: recogniser.dimension,
      threshold: ARCFACE_CALIBRATION.threshold,
      impostorP99: ARCFACE_CALIBRATION.impostorP99,
      duplicateThreshold: ARCFACE_CALIBRATION.threshold,
      confidenceSlope: confidenceSlope(ARCFACE_CALIBRATION.threshold, ARCFACE_CALIBRATION.genuineMedian),
      licence,
      detector: detection.detector,
      landmarks: detection.landmarks,
      recogniser: { file: RECOGNISER_FILE, ...embedding },
      source,
    },
    files: [...detection.files, { name: RECOGNISER_FILE, bytes: recogniser.bytes }],
  }
}
