import type { Point } from '../../domain/face.ts'
import type { RecogniserSpec } from '../../domain/pack.ts'
import type { LocatedFace } from '../picture/found-face.ts'
import type { Picture } from '../picture/picture.ts'
import type { Pyramid } from '../picture/pyramid.ts'
import { invertSimilarity } from '../picture/similarity.ts'
import { fitSimilarity } from './fit-similarity.ts'

/** Turns a located face into the upright square picture that a recogniser was trained on. */
export interface Aligner {
  align(pyramid: Pyramid, face: LocatedFace): Picture
}

/**
 * Mean places of eye corners and nose base in dlib's face chip of 5 landmarks, for a chip without padding of side 1
 * (dlib 19, image_processing/generic_image.h, `get_face_chip_details`). The chip is padded by a quarter on each side.
 */
const DLIB_PADDING = 0.25
const DLIB_MEAN_FACE: readonly Point[] = [
  [0.1205750620789, 0.2137274526848],
  [0.3340850613712, 0.2290642403242],
  [0.6460604764104, 0.2289674387677],
  [0.8595674595992, 0.2134981538014],
  [0.4901123135679, 0.6277975316475],
]

/** The five points in ArcFace's 112 × 112 input (Deng et al., "ArcFace", 2019; insightface, `face_align.py`). */
const ARCFACE_SIDE_PX = 112
const ARCFACE_MEAN_FACE: readonly Point[] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
]

export function createAligner({ aligner, inputSize }: Pick<RecogniserSpec, 'aligner' | 'inputSize'>): Aligner {
  return aligner === 'dlib-chip' ? dlibChip(inputSize) : arcface(inputSize)
}

function dlibChip(side: number): Aligner {
  const target = DLIB_MEAN_FACE.map(
    ([x, y]): Point => [
      ((DLIB_PADDING + x) / (1 + 2 * DLIB_PADDING)) * side,
      ((DLIB_PADDING + y) / (1 + 2 * DLIB_PADDING)) * side,
    ],
  )
  return {
    align(pyramid, { corners }) {
      if (corners === null) throw new Error('The dlib chip needs eye corners, so the pack needs a landmark model')
      const { leftEye, rightEye, noseBase } = corners
      return warpTo(pyramid, [leftEye.outer, leftEye.inner, rightEye.inner, rightEye.outer, noseBase], target, side)
    },
  }
}

function arcface(side: number): Aligner {
  const target = ARCFACE_MEAN_FACE.map(([x, y]): Point => [(x / ARCFACE_SIDE_PX) * side, (y / ARCFACE_SIDE_PX) * side])
  return { align: (pyramid, { landmarks }) => warpTo(pyramid, landmarks, target, side) }
}

function warpTo(pyramid: Pyramid, points: readonly Point[], target: readonly Point[], side: number): Picture {
  return pyramid.draw(invertSimilarity(fitSimilarity(points, target)), side, side)
}
