import type { Landmarks } from '../../domain/face.ts'
import type { Pose } from '../picture/found-face.ts'

const DEGREES = 180 / Math.PI

/** A point of the mesh: x, y, and z away from the camera, in one unit. */
export type SpacePoint = readonly [x: number, y: number, z: number]

/** How high the chin of a frontal face stands before its forehead in the mesh's depth, in degrees. */
const MESH_NEUTRAL_PITCH = 0

/**
 * From the directions of the face's own axes: across the eyes and cheeks, and from forehead to chin.
 *
 * @param left,right points that mirror each other, left and right as seen in the picture
 */
export function poseFromMesh(
  left: readonly SpacePoint[],
  right: readonly SpacePoint[],
  forehead: SpacePoint,
  chin: SpacePoint,
): Pose {
  let [x, y, z] = [0, 0, 0]
  left.forEach((from, index) => {
    const to = right[index] ?? from
    x += to[0] - from[0]
    y += to[1] - from[1]
    z += to[2] - from[2]
  })
  const down = [chin[0] - forehead[0], chin[1] - forehead[1], chin[2] - forehead[2]] as const
  return {
    yaw: Math.atan2(z, Math.hypot(x, y)) * DEGREES,
    pitch: Math.atan2(-down[2], Math.hypot(down[0], down[1])) * DEGREES - MESH_NEUTRAL_PITCH,
    roll: Math.atan2(y, x) * DEGREES,
  }
}

/** How far the nose tip of a frontal face stands before the plane of eyes and mouth, per distance of the eyes. */
const NOSE_DEPTH = 0.55
/** Where the nose tip of a frontal face lies between the eyes (0) and the mouth (1). */
const NOSE_HEIGHT = 0.56

/** From where the nose tip is seen between eyes and mouth: rougher than a mesh, good enough to tell a profile. */
export function poseFromFivePoints([leftEye, rightEye, nose, leftMouth, rightMouth]: Landmarks): Pose {
  const roll = Math.atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0])
  const eyes = [(leftEye[0] + rightEye[0]) / 2, (leftEye[1] + rightEye[1]) / 2] as const
  const mouth = [(leftMouth[0] + rightMouth[0]) / 2, (leftMouth[1] + rightMouth[1]) / 2] as const
  const cos = Math.cos(-roll)
  const sin = Math.sin(-roll)
  const upright = (point: readonly [number, number]) => {
    const [dx, dy] = [point[0] - eyes[0], point[1] - eyes[1]]
    return [cos * dx - sin * dy, sin * dx + cos * dy] as const
  }
  const [noseX, noseY] = upright(nose)
  const [mouthX, mouthY] = upright(mouth)
  const eyeDistance = Math.hypot(rightEye[0] - leftEye[0], rightEye[1] - leftEye[1])
  // Eyes draw together as the head turns; the distance from eyes to mouth hardly does.
  const unit = Math.max(eyeDistance, Math.abs(mouthY), 1e-6)
  const angle = (offset: number) => Math.asin(Math.max(-1, Math.min(1, offset / (unit * NOSE_DEPTH)))) * DEGREES
  return {
    yaw: angle(noseX - mouthX * NOSE_HEIGHT),
    pitch: angle(mouthY * NOSE_HEIGHT - noseY),
    roll: roll * DEGREES,
  }
}
