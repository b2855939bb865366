import type { Box, Point } from '../../domain/face.ts'
import type { FacemeshSpec } from '../../domain/pack.ts'
import type { Network } from '../inference/network.ts'
import type { PixelScaling } from '../picture/canvas.ts'
import type { Detection, LocatedFace } from '../picture/found-face.ts'
import type { Pyramid } from '../picture/pyramid.ts'
import { squareToPicture } from '../picture/similarity.ts'
import type { LandmarkFinder } from './landmark-finder.ts'
import { MESH_POINTS, Mesh } from './mesh.ts'

const SCALING: PixelScaling = { mean: [0, 0, 0], divisor: 255 }
/** Side of the square that the mesh looks at, per larger side of the detector's box. */
const CROP_RATIO = 1.5

/** Below, it is no face; above, it is one; between, a second look decides. */
const UNSURE_FLAG = { from: 0.05, to: 0.95 }
/**
 * A face turned further than this gets a second look, from where the first one saw it: in half profiles the detector's
 * box lies beside the face, and the points come out too high. Anything from 10 to 30 does about as well.
 */
const TURNED_YAW_DEGREES = 20

interface Look {
  /** 0 to 1, how sure the model is that it saw a face. */
  readonly flag: number
  readonly mesh: Mesh
}

/** Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019. */
export class FacemeshFinder implements LandmarkFinder {
  readonly #network: Network
  readonly #spec: FacemeshSpec

  constructor(network: Network, spec: FacemeshSpec) {
    this.#network = network
    this.#spec = spec
  }

  async locate(pyramid: Pyramid, { box, score, eyes }: Detection): Promise<LocatedFace | null> {
    const first = await this.#look(pyramid, box, eyes)
    if (first.flag < UNSURE_FLAG.from) return null
    const sure = first.flag > UNSURE_FLAG.to
    if (sure && Math.abs(first.mesh.pose().yaw) < TURNED_YAW_DEGREES) return located(first, box, score)
    // The detector's box may have been off; the mesh says better where to look, and both looks have a say.
    const second = await this.#look(pyramid, first.mesh.hull(), first.mesh.eyes())
    if (sure) return located(second.flag > UNSURE_FLAG.to ? second : first, box, score)
    return (first.flag + second.flag) / 2 >= this.#spec.flagMin ? located(second, box, score) : null
  }

  async #look(pyramid: Pyramid, box: Box, eyes: readonly [Point, Point]): Promise<Look> {
    const side = this.#spec.inputSize
    const centre: Point = [box.x + box.width / 2, box.y + box.height / 2]
    const angle = Math.atan2(eyes[1][1] - eyes[0][1], eyes[1][0] - eyes[0][0])
    const toPicture = squareToPicture(side, centre, CROP_RATIO * Math.max(box.width, box.height), angle)
    const data = pyramid.drawTensor(toPicture, side, side, SCALING, 'interleaved')
    const outputs = await this.#network.run([{ data, dims: [1, side, side, 3] }])
    const flag = outputs.find((output) => output.data.length === 1)?.data[0]
    const points = outputs.find((output) => output.data.length === MESH_POINTS * 3)?.data
    if (flag === undefined || points === undefined) throw new Error('The face mesh model lacks an output')
    return { flag, mesh: new Mesh(points, toPicture) }
  }
}

function located({ mesh }: Look, box: Box, score: number): LocatedFace {
  return { box, score, landmarks: mesh.landmarks(), corners: mesh.corners(), pose: mesh.pose() }
}
