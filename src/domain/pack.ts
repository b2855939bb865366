import type { Refusal } from './errors.ts'

/** What the rest of the product must know of the active model pack. */
export interface PackIdentity {
  readonly name: string
  /** Names recogniser, aligner and normalisation together; only templates with the same id are ever compared. */
  readonly modelId: string
  readonly dimension: number
  /** Cosine above which two templates are held to be of one person, for 1:N search. */
  readonly threshold: number
  /** 99th percentile of impostor cosines; a threshold below it would name strangers. */
  readonly impostorP99: number
  /**
   * Cosine above which a face that is to be enrolled is held to be enrolled already; not below the threshold. Where the
   * scores are crowded it lies above it: to turn a stranger away at enrolment costs more than to ask once too little.
   */
  readonly duplicateThreshold: number
  /** Slope of the logistic that turns a score's distance from the threshold into a confidence. */
  readonly confidenceSlope: number
  readonly licence: string
}

export interface BlazefaceSpec {
  readonly kind: 'blazeface'
  readonly file: string
  /** Side of the square input, pixels. */
  readonly inputSize: number
  readonly scoreMin: number
}

export interface ScrfdSpec {
  readonly kind: 'scrfd'
  readonly file: string
  /** Longest side that a photo is reduced to, a multiple of 32, pixels. */
  readonly inputSize: number
  readonly scoreMin: number
  /** Intersection over union above which the weaker of two boxes goes. */
  readonly iouMax: number
}

/** A dense mesh that says whether a box holds a face, and gives the points that the aligner wants. */
export interface FacemeshSpec {
  readonly kind: 'facemesh'
  readonly file: string
  readonly inputSize: number
  /** A box whose face flag is below this is no face. */
  readonly flagMin: number
}

export interface RecogniserSpec {
  readonly file: string
  readonly aligner: 'dlib-chip' | 'arcface'
  /** Side of the square input, pixels; RGB. */
  readonly inputSize: number
  /** Input value = (pixel - mean) / divisor, per channel in the order R, G, B. */
  readonly mean: readonly [number, number, number]
  readonly divisor: number
  /** Whether the embedding of the mirrored face is added before normalising. */
  readonly mirror: boolean
}

export interface PackFile {
  /** A plain name inside the pack's folder. */
  readonly name: string
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

/** Whose faces a graph was calibrated and tried on: people who are enrolled, or the samples that the models come with. */
export type FaceOrigin = 'enrolled' | 'samples'

/** What an int8 recogniser was found to do to templates, against float32, on faces it was not calibrated on. */
export interface Int8SelfTest {
  readonly faces: number
  /** Of the cosines between the two templates of a face. */
  readonly cosineMin: number
  readonly cosineMedian: number
  /**
   * Mean squared distance of these two, as a share of the faces' variance: what matters also where all templates of a
   * network point much the same way, and cosines are near 1 whatever happens.
   */
  readonly noise: number
  /** Root mean square of what the scores of pairs of different faces change by, with one side computed quickly. */
  readonly scoreShift: number
  /** Share of these pairs that are decided otherwise at the pack's threshold. */
  readonly decisionsChanged: number
  /** CPU time of one run, milliseconds, on the machine that made it. */
  readonly cpuMs: number
  readonly cpuMsFloat32: number
}

/** A recogniser in integers that passed its self-test. Probes may be embedded with it, references never are. */
export interface Int8Spec {
  readonly file: string
  readonly faces: FaceOrigin
  readonly selfTest: Int8SelfTest
}

/** A model pack as its folder's `manifest.json` states it. */
export interface PackManifest extends PackIdentity {
  readonly format: 1
  readonly detector: BlazefaceSpec | ScrfdSpec
  /** Null where the detector's own five points serve. */
  readonly landmarks: FacemeshSpec | null
  readonly recogniser: RecogniserSpec
  /** Absent where none was made, or none passed. */
  readonly int8?: Int8Spec
  readonly files: readonly PackFile[]
  /** What the files were made from, for whoever asks where the weights come from. */
  readonly source: string
}

/** A pack that is there; one that can't be used comes with the reason. */
export type ListedPack = PackManifest | { readonly name: string; readonly refusal: Refusal }

/** A pack whose files were verified against its manifest. */
export interface OpenPack {
  readonly manifest: PackManifest
  /** Absolute path of the folder that holds the files. */
  readonly folder: string
}

/** 0 to 1, 0.5 at the threshold. */
export function confidence(score: number, threshold: number, slope: number): number {
  return 1 / (1 + Math.exp(-slope * (score - threshold)))
}
