import { createHash } from 'node:crypto'
import type { Extraction, ExtractionWish } from '../domain/extractor.ts'
import type { Box, ExtractedFace, Landmarks, Point } from '../domain/face.ts'
import { mainFaceIndex } from '../domain/main-face.ts'
import { cropFace } from './align/crop.ts'
import { findFaces } from './find-faces.ts'
import type { Picture } from './picture/picture.ts'
import { Pyramid } from './picture/pyramid.ts'
import { faceQuality } from './quality/face-quality.ts'
import { StageClock } from './stage-clock.ts'
import type { Stages } from './stages.ts'

/**
 * From a photo to its faces: decode, detect, landmarks, align, embed, in this order. It runs models, so it belongs into
 * a worker thread. Stages work on one photo at a time, in memory of their own.
 *
 * @param photo an encoded image
 * @throws Refusal `image-unreadable`, `image-too-large`, `image-unsupported`
 */
export async function extractFaces(photo: Uint8Array, wish: ExtractionWish, stages: Stages): Promise<Extraction> {
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
  const chips = await clock.time('align', () => located.map((face) => stages.aligner.align(pyramid, face)))
  const chosen = (index: number) =>
    wish.purpose !== 'detect' &&
    (wish.embed === 'main' ? index === mainFace : index === mainFace || index < stages.setup.embeddedFacesMax)
  const templates = await clock.time('embed', async () => {
    const made: (Float32Array | null)[] = []
    for (const [index, chip] of chips.entries()) made.push(chosen(index) ? await embed(chip, wish, stages) : null)
    return made
  })
  const scale: Point = [width / picture.width, height / picture.height]
  const faces: ExtractedFace[] = []
  for (const [index, face] of located.entries()) {
    const chip = chips[index]
    if (chip === undefined) continue
    const box = scaleBox(face.box, scale)
    faces.push({
      box,
      detectionScore: face.score,
      landmarks: scaleLandmarks(face.landmarks, scale),
      quality: faceQuality(box, stages.canvas.texture(chip), face.pose),
      template: templates[index] ?? null,
      crop: wish.crops && chosen(index) ? await stages.decoder.encode(cropFace(pyramid, face)) : null,
    })
  }
  return { width, height, photoSha256, faces, mainFace, timings: clock.timings }
}

function embed(chip: Picture, { purpose }: ExtractionWish, stages: Stages): Promise<Float32Array | null> {
  const { setup } = stages
  const mirror = setup.manifest.recogniser.mirror && (purpose === 'reference' || setup.mirrorProbes)
  const embedder = purpose === 'probe' ? stages.probeEmbedder : stages.embedder
  return embedder.embed(chip, mirror)
}

function scaleBox({ x, y, width, height }: Box, [sx, sy]: Point): Box {
  return { x: x * sx, y: y * sy, width: width * sx, height: height * sy }
}

function scaleLandmarks(landmarks: Landmarks, [sx, sy]: Point): Landmarks {
  const scaled = (index: 0 | 1 | 2 | 3 | 4): Point => [landmarks[index][0] * sx, landmarks[index][1] * sy]
  return [scaled(0), scaled(1), scaled(2), scaled(3), scaled(4)]
}
