import type { DetectAnswer } from '../../../src/http/wire/recognition.ts'
import type { Box } from './recognition.ts'
import { upload } from './upload.ts'

/** Why a face would be refused if it were to be enrolled. */
export interface Shortcoming {
  readonly reason: string
  /** The server's own sentence. */
  readonly sentence: string
}

export interface DetectedFace {
  readonly box: Box
  /** 0 to 1, 1 being good enough in every respect. */
  readonly quality: number
  /** The gravest first; none where the face would be enrolled. */
  readonly shortcomings: readonly Shortcoming[]
}

export interface Detection {
  readonly faces: readonly DetectedFace[]
  /** The one that would be enrolled; null without faces. */
  readonly mainFace: number | null
  /** Pixels of the upright photo, which the boxes are in. */
  readonly width: number
  readonly height: number
}

/** Where the faces of a photo are, and whether they are fit to be enrolled. Nothing is stored. @throws ApiError */
export async function detect(photo: Blob, signal: AbortSignal): Promise<Detection> {
  const form = new FormData()
  form.append('file', photo)
  const { faces, main_face, width, height } = await upload<DetectAnswer>('/detect', form, { signal })
  return {
    faces: faces.map(({ box, quality, shortcomings }) => ({
      box,
      quality: quality.score,
      shortcomings: shortcomings.map(({ reason, error }) => ({ reason, sentence: error })),
    })),
    mainFace: main_face,
    width,
    height,
  }
}
