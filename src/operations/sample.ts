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
 * @param caller whose photo it is, where photos have to wait
 * @throws Refusal `no-face`, `several-faces`, `quality-too-low` with what was measured, and what extraction refuses
 */
export async function takeSample(
  parts: SamplingParts,
  photo: Photo,
  { strict, caller }: { readonly strict: boolean; readonly caller: string | undefined },
): Promise<Sample> {
  const { extractor, storeCrops } = parts
  const extraction = await extractor.extract(photo.bytes, {
    purpose: 'reference',
    embed: 'main',
    crops: storeCrops,
    caller,
  })
  const { photoSha256 } = extraction
  if (photoSha256 === null) throw new Error('the extraction of a reference has no hash of its photo')
  const face = extraction.faces[extraction.mainFace]
  if (face === undefined || !isEmbedded(face)) throw new Refusal('no-face')
  if (strict && extraction.faces.length > 1) throw new Refusal('several-faces', { faces: extraction.faces.length })
  checkQuality(face.quality, parts.qualityMinimum)
  return {
    label: photo.label,
    template: face.template,
    modelId: extractor.pack.modelId,
    photoSha256,
    crop: storeCrops ? face.crop : null,
    quality: face.quality,
  }
}

/** One way in which a face is not good enough, with what was measured and the limit. */
export interface Shortcoming {
  readonly reason: 'too-small' | 'too-dark' | 'too-bright' | 'blurred' | 'turned-away' | 'tilted'
  readonly measured: number
  readonly limit: number
}

/** Everything that keeps a face from being enrolled, the gravest first. */
export function shortcomingsOf(quality: Quality, minimum: QualityMinimum): readonly Shortcoming[] {
  const { sizePx, sharpness, brightness, yaw, pitch } = quality
  const checks: readonly (Shortcoming & { readonly fails: boolean })[] = [
    { reason: 'too-small', measured: sizePx, limit: minimum.sizePx, fails: sizePx < minimum.sizePx },
    { reason: 'too-dark', measured: brightness, limit: minimum.brightness, fails: brightness < minimum.brightness },
    {
      reason: 'too-bright',
      measured: brightness,
      limit: minimum.brightnessMax,
      fails: brightness > minimum.brightnessMax,
    },
    { reason: 'blurred', measured: sharpness, limit: minimum.sharpness, fails: sharpness < minimum.sharpness },
    { reason: 'turned-away', measured: yaw, limit: minimum.yawMax, fails: Math.abs(yaw) > minimum.yawMax },
    { reason: 'tilted', measured: pitch, limit: minimum.pitchMax, fails: Math.abs(pitch) > minimum.pitchMax },
  ]
  return checks
    .filter(({ fails }) => fails)
    .map(({ reason, measured, limit }) => ({ reason, measured: Math.round(measured * 1000) / 1000, limit }))
}

/** @throws Refusal `quality-too-low` with the gravest shortcoming */
function checkQuality(quality: Quality, minimum: QualityMinimum): void {
  const [gravest] = shortcomingsOf(quality, minimum)
  if (gravest !== undefined) throw new Refusal('quality-too-low', { ...gravest })
}
