import { Refusal } from '../domain/errors.ts'
import type { FaceExtractor } from '../domain/extractor.ts'
import type { Quality } from '../domain/face.ts'
import type { NewImage } from '../domain/records.ts'
import { isEmbedded } from './recognise.ts'

/** What a face must at least be like to be enrolled; a poor reference is matched by strangers. */
export interface QualityMinimum {
  readonly sizePx: number
  readonly sharpness: number
  /** Mean luma, 0 to 1. */
  readonly brightness: number
  readonly brightnessMax: number
  /** Degrees away from frontal, either way. */
  readonly yawMax: number
  readonly pitchMax: number
}

/** A photo as it was sent. */
export interface Photo {
  /** Encoded image; transferred away when it is read. */
  readonly bytes: Uint8Array
  readonly label: string
}

/** The face of a photo, fit to be enrolled. */
export type Sample = Omit<NewImage, 'imageId'> & { readonly photoSha256: string; readonly quality: Quality }

export interface SamplingParts {
  readonly extractor: FaceExtractor
  readonly qualityMinimum: QualityMinimum
  readonly storeCrops: boolean
}

/**
 * The main face of a photo as an image to be stored.
 * @param strict refuses photos of several faces instead of taking the main one
 * @throws Refusal `no-face`, `several-faces`, `quality-too-low` with what was measured, and what extraction refuses
 */
export async function takeSample(parts: SamplingParts, photo: Photo, strict: boolean): Promise<Sample> {
  const { extractor, storeCrops } = parts
  const extraction = await extractor.extract(photo.bytes, { purpose: 'reference', embed: 'main', crops: storeCrops })
  const face = extraction.faces[extraction.mainFace]
  if (face === undefined || !isEmbedded(face)) throw new Refusal('no-face')
  if (strict && extraction.faces.length > 1) throw new Refusal('several-faces', { faces: extraction.faces.length })
  checkQuality(face.quality, parts.qualityMinimum)
  return {
    label: photo.label,
    template: face.template,
    modelId: extractor.pack.modelId,
    photoSha256: extraction.photoSha256,
    crop: storeCrops ? face.crop : null,
    quality: face.quality,
  }
}

/** @throws Refusal `quality-too-low` with the first reason found, the value measured and the limit */
export function checkQuality(quality: Quality, minimum: QualityMinimum): void {
  const refuse = (reason: string, measured: number, limit: number): never => {
    throw new Refusal('quality-too-low', { reason, measured: Math.round(measured * 1000) / 1000, limit })
  }
  if (quality.sizePx < minimum.sizePx) refuse('too-small', quality.sizePx, minimum.sizePx)
  if (quality.brightness < minimum.brightness) refuse('too-dark', quality.brightness, minimum.brightness)
  if (quality.brightness > minimum.brightnessMax) refuse('too-bright', quality.brightness, minimum.brightnessMax)
  if (quality.sharpness < minimum.sharpness) refuse('blurred', quality.sharpness, minimum.sharpness)
  if (Math.abs(quality.yaw) > minimum.yawMax) refuse('turned-away', quality.yaw, minimum.yawMax)
  if (Math.abs(quality.pitch) > minimum.pitchMax) refuse('tilted', quality.pitch, minimum.pitchMax)
}
