import type { IdentifyAnswer, RankAnswer, VerifyAnswer } from '../../../src/http/wire/recognition.ts'
import { call } from './call.ts'
import { type Person, personOf } from './person.ts'
import { upload } from './upload.ts'

/** Pixels of the upright photo. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How much two faces resemble each other. */
export interface Likeness {
  /** Raw cosine. */
  readonly score: number
  /** The score on a scale from 0 to 1 on which the threshold is 0.5. */
  readonly confidence: number
}

export interface Match extends Likeness {
  readonly person: Person
  readonly imageId: number
}

export interface Face {
  readonly box: Box
  readonly quality: IdentifyAnswer['faces'][number]['quality']
  /** Null where nobody is above the threshold. */
  readonly match: Match | null
}

export interface Identification {
  readonly faces: readonly Face[]
  readonly threshold: number
  readonly milliseconds: number
}

export interface Candidate extends Match {
  readonly rank: number
  readonly matches: boolean
}

export interface Verification extends Likeness {
  readonly matches: boolean
  readonly threshold: number
}

interface Options {
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

/** Who is in a photo. @throws ApiError `no-face` and what else is wrong with it */
export async function identify(photo: Blob, options: Options = {}): Promise<Identification> {
  const answer = await upload<IdentifyAnswer>('/query', formOf({ file: photo }), options)
  return {
    faces: answer.faces.map(({ box, quality, match }) => ({
      box,
      quality,
      match: match === null ? null : matchOf(match),
    })),
    threshold: answer.threshold,
    milliseconds: answer.processing_time_ms,
  }
}

/** Whom the main face of a photo resembles most, the nearest first. @throws ApiError */
export async function rank(
  photo: Blob,
  { signal }: Options = {},
): Promise<{ readonly candidates: readonly Candidate[]; readonly threshold: number }> {
  const form = formOf({ file: photo })
  const answer = await call<RankAnswer>('/query_top5', { form, ...(signal === undefined ? {} : { signal }) })
  const candidates = answer.results.map((result) => ({ ...matchOf(result), rank: result.rank, matches: result.match }))
  return { candidates, threshold: answer.threshold }
}

/** Whether the main faces of two photos are of one person. @throws ApiError */
export async function verify(photo: Blob, other: Blob): Promise<Verification> {
  const answer = await call<VerifyAnswer>('/verify', { form: formOf({ file: photo, file2: other }) })
  const { score, confidence, match, threshold } = answer
  return { score, confidence, matches: match, threshold }
}

export function formOf(files: Readonly<Record<string, Blob>>): FormData {
  const form = new FormData()
  for (const [name, file] of Object.entries(files)) form.append(name, file)
  return form
}

function matchOf({ nguoi, image_id, score, confidence }: RankAnswer['results'][number] | WireMatch): Match {
  return { person: personOf(nguoi), imageId: image_id, score, confidence }
}

type WireMatch = NonNullable<IdentifyAnswer['faces'][number]['match']>
