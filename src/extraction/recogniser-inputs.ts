import { isRefusal } from '../domain/errors.ts'
import { findFaces } from './find-faces.ts'
import { Pyramid } from './picture/pyramid.ts'
import { StageClock } from './stage-clock.ts'
import { type ExtractionSetup, openStages, type Stages } from './stages.ts'

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
      inputs.push(...(await inputsOf(photo, stages)))
      onPhoto()
    }
    return inputs
  } finally {
    await stages.release()
  }
}

/** None where it can't be read: it is not the photos that are in question here. */
async function inputsOf(photo: Uint8Array, stages: Stages): Promise<Float32Array[]> {
  const { aligner, canvas, decoder, setup } = stages
  try {
    const { picture } = await decoder.decode(photo)
    const pyramid = new Pyramid(picture, canvas)
    const faces = await findFaces(pyramid, stages, new StageClock())
    const chips = faces.map((face) => aligner.align(pyramid, face))
    return chips.map((chip) => canvas.tensor(chip, setup.manifest.recogniser, false).slice())
  } catch (error) {
    if (isRefusal(error)) return []
    throw error
  }
}
