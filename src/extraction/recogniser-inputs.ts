import { isRefusal } from '../domain/errors.ts'
import { findFaces } from './find-faces.ts'
import { Pyramid } from './picture/pyramid.ts'
import { StageClock } from './stage-clock.ts'
import { type ExtractionSetup, openStages, type Stages } from './stages.ts'

/** More faces make neither the ranges nor the verdict better, and are kept in memory all at once. */
const FACES_MAX = 400

/**
 * The faces of photos as the recogniser is shown them: found, aligned, normalised, one plane a colour. What a recogniser
 * is calibrated on and tried with. Models run on the calling thread, which is for commands only.
 *
 * @param onPhoto called after each
 */
export async function recogniserInputs(
  setup: ExtractionSetup,
  photos: AsyncIterable<Uint8Array>,
  onPhoto: () => void,
): Promise<readonly Float32Array[]> {
  const stages = await openStages(setup)
  try {
    const inputs: Float32Array[] = []
    for await (const photo of photos) {
      inputs.push(...(await inputsOf(photo, stages, FACES_MAX - inputs.length)))
      onPhoto()
    }
    return inputs
  } finally {
    await stages.release()
  }
}

/** The largest faces first; none where the photo can't be read: it is not the photos that are in question here. */
async function inputsOf(photo: Uint8Array, stages: Stages, facesMax: number): Promise<Float32Array[]> {
  const { aligner, canvas, decoder, setup } = stages
  try {
    const { picture } = await decoder.decode(photo)
    const pyramid = new Pyramid(picture, canvas)
    const faces = await findFaces(pyramid, stages, new StageClock())
    const chosen = faces.slice(0, Math.min(facesMax, setup.embeddedFacesMax))
    const chips = chosen.map((face) => aligner.align(pyramid, face))
    return chips.map((chip) => canvas.tensor([chip], chip, setup.manifest.recogniser, false).slice())
  } catch (error) {
    if (isRefusal(error)) return []
    throw error
  }
}
