import { createHash } from 'node:crypto'
import type { Extraction, ExtractionPurpose, ExtractionWish } from '../domain/extractor.ts'
import type { Box, ExtractedFace, Landmarks, Point } from '../domain/face.ts'
import { mainFaceIndex } from '../domain/main-face.ts'
import { cropFace } from './align/crop.ts'
import { findFaces } from './find-faces.ts'
import type { Picture } from './picture/picture.ts'
import { Pyramid } from './picture/pyramid.ts'
import { faceQuality } from './quality/face-quality.ts'
import { StageClock } from './stage-clock.ts'
import type { Stages } from './stages.ts'

export interface WishedPhoto {
  /** An encoded image. */
  readonly photo: Uint8Array
  readonly wish: ExtractionWish
}

/** What is known of a photo before its faces are embedded. */
interface FoundFaces {
  readonly extraction: Extraction
  /** Of each face; null where it gets no template. */
  readonly chips: readonly (Picture | null)[]
}

/**
 * From photos to their faces: decode, detect, landmarks, align, crop, embed, in this order. It runs models, so it belongs
 * into a worker thread. Stages work on one photo at a time, in memory of their own; only the faces of all are embedded
 * together.
 *
 * @param photos of one purpose
 * @returns for each photo its faces, or Refusal `image-unreadable`, `image-too-large`, `image-unsupported`
 * @throws Error when the faces can't be embedded
 */
export async function extractFaces(
  photos: readonly WishedPhoto[],
  stages: Stages,
): Promise<readonly PromiseSettledResult<Extraction>[]> {
  const found: PromiseSettledResult<FoundFaces>[] = []
  for (const photo of photos) found.push(...(await Promise.allSettled([findChips(photo, stages)])))
  const chips = found.flatMap((outcome) => (outcome.status === 'fulfilled' ? toEmbed(outcome.value) : []))
  const startMs = performance.now()
  const templates = chips.length === 0 ? [] : [...(await embed(chips, photos[0]?.wish.purpose, stages))]
  const msEach = (performance.now() - startMs) / Math.max(1, chips.length)
  return found.map((outcome) => {
    if (outcome.status === 'rejected') return outcome
    const own = templates.splice(0, toEmbed(outcome.value).length)
    return { status: 'fulfilled', value: withTemplates(outcome.value, own, msEach * own.length) }
  })
}

async function findChips({ photo, wish }: WishedPhoto, stages: Stages): Promise<FoundFaces> {
  const clock = new StageClock()
  const photoSha256 = wish.purpose === 'reference' ? createHash('sha256').update(photo).digest('hex') : null

  const { picture, width, height } = await clock.time('decode', () => stages.decoder.decode(photo))
  const pyramid = new Pyramid(picture, stages.canvas)
  const located = await findFaces(pyramid, stages, clock)
  const mainFace = mainFaceIndex(
    located.map(({ box }) => box),
    picture.width,
    picture.height,
  )
  const aligned = await clock.time('align', () => located.map((face) => stages.aligner.align(pyramid, face)))
  const isChosen = (index: number) =>
    wish.purpose !== 'detect' &&
    (wish.embed === 'main' ? index === mainFace : index === mainFace || index < stages.setup.embeddedFacesMax)
  const scale: Point = [width / picture.width, height / picture.height]
  const faces: ExtractedFace[] = []
  for (const [index, face] of located.entries()) {
    const chip = aligned[index]
    if (chip === undefined) continue
    const box = scaleBox(face.box, scale)
    faces.push({
      box,
      detectionScore: face.score,
      landmarks: scaleLandmarks(face.landmarks, scale),
      quality: faceQuality(box, stages.canvas.texture(chip), face.pose),
      template: null,
      crop: wish.crops && isChosen(index) ? await stages.decoder.encode(cropFace(pyramid, face)) : null,
    })
  }
  return {
    extraction: { width, height, photoSha256, faces, mainFace, timings: clock.timings },
    chips: aligned.map((chip, index) => (isChosen(index) ? chip : null)),
  }
}

function toEmbed({ chips }: FoundFaces): Picture[] {
  return chips.filter((chip) => chip !== null)
}

function embed(
  chips: readonly Picture[],
  purpose: ExtractionPurpose | undefined,
  { setup, embedder, probeEmbedder }: Stages,
): Promise<readonly (Float32Array | null)[]> {
  const mirror = setup.manifest.recogniser.mirror && (purpose === 'reference' || setup.mirrorProbes)
  return (purpose === 'probe' ? probeEmbedder : embedder).embed(chips, mirror)
}

/** @param templates of the chips to embed, in their order */
function withTemplates(
  { extraction, chips }: FoundFaces,
  templates: (Float32Array | null)[],
  embedMs: number,
): Extraction {
  return {
    ...extraction,
    faces: extraction.faces.map((face, index) =>
      chips[index] === null ? face : { ...face, template: templates.shift() ?? null },
    ),
    timings: { ...extraction.timings, embed: embedMs },
  }
}

function scaleBox({ x, y, width, height }: Box, [sx, sy]: Point): Box {
  return { x: x * sx, y: y * sy, width: width * sx, height: height * sy }
}

function scaleLandmarks(landmarks: Landmarks, [sx, sy]: Point): Landmarks {
  const scaled = (index: 0 | 1 | 2 | 3 | 4): Point => [landmarks[index][0] * sx, landmarks[index][1] * sy]
  return [scaled(0), scaled(1), scaled(2), scaled(3), scaled(4)]
}
