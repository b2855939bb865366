import type { Point } from '../../domain/face.ts'
import type { LocatedFace } from '../picture/found-face.ts'
import type { Picture } from '../picture/picture.ts'
import type { Pyramid } from '../picture/pyramid.ts'
import { squareToPicture } from '../picture/similarity.ts'

/** Longest side of a stored crop, pixels; more detail than any recogniser's input has. */
export const CROP_SIDE_MAX_PX = 320
/** Shortest, so that a tiny face can be found in its crop again. */
const CROP_SIDE_MIN_PX = 96
/** Side of the crop per larger side of the face's box: enough around it for detectors. */
const CROP_RATIO = 2

/** The face upright in the middle of a square with a margin, as detailed as the picture, up to the limit. */
export function cropFace(pyramid: Pyramid, { box, pose }: LocatedFace): Picture {
  const centre: Point = [box.x + box.width / 2, box.y + box.height / 2]
  const size = CROP_RATIO * Math.max(box.width, box.height)
  const side = Math.round(Math.min(CROP_SIDE_MAX_PX, Math.max(CROP_SIDE_MIN_PX, size)))
  const toPicture = squareToPicture(side, centre, size, (pose.roll * Math.PI) / 180)
  return pyramid.draw(toPicture, side, side)
}
