import type { Point } from '../../domain/face.ts'
import type { FacemeshSpec } from '../../domain/pack.ts'
import type { Network } from '../inference/network.ts'
import { type PixelScaling, writeInterleaved } from '../inference/pixel-tensor.ts'
import type { Detection, LocatedFace } from '../picture/found-face.ts'
import type { Pyramid } from '../picture/pyramid.ts'
import { applySimilarity, squareToPicture } from '../picture/similarity.ts'
import { warp } from '../picture/warp.ts'
import type { LandmarkFinder } from './landmark-finder.ts'
import { poseFromMesh, type SpacePoint } from './pose.ts'

const SCALING: PixelScaling = { mean: [0, 0, 0], divisor: 255 }
const MESH_POINTS = 468
/** Side of the square that the mesh looks at, per larger side of the detector's box. */
const CROP_RATIO = 1.5
const OUTSIDE = 0

/** Indices into the mesh; left and right as seen in the picture. */
const MESH = {
  leftEye: { outer: 33, inner: 133 },
  rightEye: { outer: 263, inner: 362 },
  noseBase: 2,
  noseTip: 1,
  mouth: { left: 61, right: 291 },
  cheek: { left: 234, right: 454 },
  forehead: 10,
  chin: 152,
} as const

/** Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019. */
export class FacemeshFinder implements LandmarkFinder {
  readonly #network: Network
  readonly #spec: FacemeshSpec

  constructor(network: Network, spec: FacemeshSpec) {
    this.#network = network
    this.#spec = spec
  }

  async locate(pyramid: Pyramid, { box, score, eyes }: Detection): Promise<LocatedFace | null> {
    const side = this.#spec.inputSize
    const centre: Point = [box.x + box.width / 2, box.y + box.height / 2]
    const angle = Math.atan2(eyes[1][1] - eyes[0][1], eyes[1][0] - eyes[0][0])
    const toPicture = squareToPicture(side, centre, CROP_RATIO * Math.max(box.width, box.height), angle)
    const raster = warp(pyramid, toPicture, side, side, OUTSIDE)
    const data = new Float32Array(3 * side * side)
    writeInterleaved(raster.pixels, SCALING, data)
    const outputs = await this.#network.run([{ data, dims: [1, side, side, 3] }])
    const flag = outputs.find(({ data }) => data.length === 1)?.data[0]
    const mesh = outputs.find(({ data }) => data.length === MESH_POINTS * 3)?.data
    if (flag === undefined || mesh === undefined) throw new Error('The face mesh model lacks an output')
    if (!(flag >= this.#spec.flagMin)) return null

    const raw = (index: number): SpacePoint => [
      mesh[3 * index] ?? 0,
      mesh[3 * index + 1] ?? 0,
      mesh[3 * index + 2] ?? 0,
    ]
    const space = (index: number): SpacePoint => {
      const [x, y, z] = raw(index)
      return [...applySimilarity({ ...toPicture, tx: 0, ty: 0 }, [x, y]), z * Math.hypot(toPicture.a, toPicture.b)]
    }
    const point = (index: number): Point => {
      const [x, y] = raw(index)
      return applySimilarity(toPicture, [x, y])
    }
    const corners = {
      leftEye: { outer: point(MESH.leftEye.outer), inner: point(MESH.leftEye.inner) },
      rightEye: { outer: point(MESH.rightEye.outer), inner: point(MESH.rightEye.inner) },
      noseBase: point(MESH.noseBase),
    }
    return {
      box,
      detectionScore: score,
      landmarks: [
        midpoint(corners.leftEye.outer, corners.leftEye.inner),
        midpoint(corners.rightEye.outer, corners.rightEye.inner),
        point(MESH.noseTip),
        point(MESH.mouth.left),
        point(MESH.mouth.right),
      ],
      corners,
      pose: poseFromMesh(
        [space(MESH.leftEye.outer), space(MESH.cheek.left), space(MESH.mouth.left)],
        [space(MESH.rightEye.outer), space(MESH.cheek.right), space(MESH.mouth.right)],
        space(MESH.forehead),
        space(MESH.chin),
      ),
    }
  }
}

function midpoint(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
}
