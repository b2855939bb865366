import type { Box, Landmarks, Point } from '../../domain/face.ts'
import type { EyeCornersAndNose, Pose } from '../picture/found-face.ts'
import { applySimilarity, type Similarity, similarityScale } from '../picture/similarity.ts'
import { poseFromMesh, type SpacePoint } from './pose.ts'

export const MESH_POINTS = 468

/** Indices of points; left and right as seen in the picture. */
const AT = {
  leftEye: { outer: 33, inner: 133 },
  rightEye: { outer: 263, inner: 362 },
  noseBase: 2,
  noseTip: 1,
  mouth: { left: 61, right: 291 },
  cheek: { left: 234, right: 454 },
  forehead: 10,
  chin: 152,
} as const

/** The 468 points of a face, read as what the other stages want, in pixels of the picture. */
export class Mesh {
  readonly #values: Float32Array
  readonly #toPicture: Similarity

  /**
   * @param values x, y, z of each point in pixels of the model's input
   * @param toPicture from the model's input to the picture
   */
  constructor(values: Float32Array, toPicture: Similarity) {
    this.#values = values
    this.#toPicture = toPicture
  }

  eyes(): readonly [Point, Point] {
    return [
      midpoint(this.#point(AT.leftEye.outer), this.#point(AT.leftEye.inner)),
      midpoint(this.#point(AT.rightEye.outer), this.#point(AT.rightEye.inner)),
    ]
  }

  landmarks(): Landmarks {
    const [leftEye, rightEye] = this.eyes()
    return [leftEye, rightEye, this.#point(AT.noseTip), this.#point(AT.mouth.left), this.#point(AT.mouth.right)]
  }

  corners(): EyeCornersAndNose {
    return {
      leftEye: { outer: this.#point(AT.leftEye.outer), inner: this.#point(AT.leftEye.inner) },
      rightEye: { outer: this.#point(AT.rightEye.outer), inner: this.#point(AT.rightEye.inner) },
      noseBase: this.#point(AT.noseBase),
    }
  }

  pose(): Pose {
    return poseFromMesh(
      [AT.leftEye.outer, AT.cheek.left, AT.mouth.left].map((index) => this.#spacePoint(index)),
      [AT.rightEye.outer, AT.cheek.right, AT.mouth.right].map((index) => this.#spacePoint(index)),
      this.#spacePoint(AT.forehead),
      this.#spacePoint(AT.chin),
    )
  }

  /** The smallest upright box around all points. */
  hull(): Box {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
    for (let index = 0; index < MESH_POINTS; index++) {
      const [x, y] = this.#point(index)
      left = Math.min(left, x)
      top = Math.min(top, y)
      right = Math.max(right, x)
      bottom = Math.max(bottom, y)
    }
    return { x: left, y: top, width: right - left, height: bottom - top }
  }

  #point(index: number): Point {
    return applySimilarity(this.#toPicture, [this.#values[3 * index] ?? 0, this.#values[3 * index + 1] ?? 0])
  }

  #spacePoint(index: number): SpacePoint {
    const [x, y] = this.#point(index)
    return [x, y, (this.#values[3 * index + 2] ?? 0) * similarityScale(this.#toPicture)]
  }
}

function midpoint(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
}
