import Type, { type Static } from 'typebox'
import { Refusal } from '../../domain/errors.ts'
import type { DetectedFace } from '../../domain/face.ts'
import type { PackIdentity } from '../../domain/pack.ts'
import type { Detection } from '../../operations/detect.ts'
import type { Identification, IdentifiedFace } from '../../operations/identify.ts'
import type { Ranking } from '../../operations/rank.ts'
import type { Match } from '../../operations/recognise.ts'
import type { Verification } from '../../operations/verify.ts'
import { refusalSentence } from './error.ts'
import { FaceAnswer, faceAnswer } from './face.ts'
import type { Language } from './language.ts'
import { ClassId, nullable, PersonAnswer, personAnswer } from './person.ts'
import { Confidence, Score, type Scorer } from './score.ts'

const ImageId = Type.Integer({ examples: [7] })
const ImagePath = Type.String({ description: 'The label of the image.', examples: ['an-2024.jpg'] })
const Threshold = Type.Number({ description: 'Score above which a candidate is a match.', examples: [0.93] })
const RequestId = Type.String()

const matchFields = {
  image_id: ImageId,
  image_path: ImagePath,
  class_id: ClassId,
  score: Score,
  confidence: Confidence,
  nguoi: PersonAnswer,
}

const MatchAnswer = Type.Object(matchFields)
type MatchAnswer = Static<typeof MatchAnswer>

const IdentifiedFaceAnswer = Type.Object({ ...FaceAnswer.properties, match: nullable(MatchAnswer) })

export const IdentifyAnswer = Type.Object({
  ...Type.Partial(Type.Object({ ...matchFields, class_id: Type.String({ examples: ['42'] }) })).properties,
  results: Type.Array(MatchAnswer, { maxItems: 1 }),
  faces: Type.Array(IdentifiedFaceAnswer),
  threshold: Threshold,
  processing_time_ms: Type.Number({ examples: [41.2] }),
  request_id: RequestId,
})
export type IdentifyAnswer = Static<typeof IdentifyAnswer>

export function identifyAnswer(
  identification: Identification,
  say: Scorer,
  elapsedMs: number,
  requestId: string,
): IdentifyAnswer {
  const { faces, mainFace, threshold } = identification
  const match = faces[mainFace]?.match ?? null
  const result = match === null ? null : matchAnswer(match, say)
  return {
    ...(result === null ? {} : { ...result, class_id: String(result.class_id) }),
    results: result === null ? [] : [result],
    faces: faces.map((face) => identifiedFaceAnswer(face, say)),
    threshold,
    processing_time_ms: Math.round(elapsedMs * 10) / 10,
    request_id: requestId,
  }
}

export const RankAnswer = Type.Object({
  results: Type.Array(Type.Object({ rank: Type.Integer({ minimum: 1 }), ...matchFields, match: Type.Boolean() })),
  faces: Type.Array(IdentifiedFaceAnswer),
  threshold: Threshold,
  total_time: Type.Number({ description: 'Seconds.', examples: [0.041] }),
  request_id: RequestId,
})
export type RankAnswer = Static<typeof RankAnswer>

export function rankAnswer(ranking: Ranking, say: Scorer, elapsedMs: number, requestId: string): RankAnswer {
  const { candidates, identification } = ranking
  return {
    results: candidates.map((candidate, index) => ({
      rank: index + 1,
      ...matchAnswer(candidate, say),
      match: candidate.score > identification.threshold,
    })),
    faces: identification.faces.map((face) => identifiedFaceAnswer(face, say)),
    threshold: identification.threshold,
    total_time: Math.round(elapsedMs) / 1000,
    request_id: requestId,
  }
}

const ShortcomingAnswer = Type.Object({
  reason: Type.String({ examples: ['too-small'] }),
  measured: Type.Number(),
  limit: Type.Number({ description: "What the server's settings ask for." }),
  error: Type.String({ description: 'A sentence for a person.' }),
})

export const DetectAnswer = Type.Object({
  faces: Type.Array(
    Type.Object({
      ...FaceAnswer.properties,
      shortcomings: Type.Array(ShortcomingAnswer, {
        description: 'Why the face would be refused if it were to be enrolled, the gravest first.',
      }),
    }),
  ),
  main_face: nullable(Type.Integer({ description: 'Index into faces.', minimum: 0 })),
  width: Type.Integer(),
  height: Type.Integer(),
  request_id: RequestId,
})
export type DetectAnswer = Static<typeof DetectAnswer>

export function detectAnswer(
  { faces, mainFace, width, height }: Detection,
  language: Language,
  requestId: string,
): DetectAnswer {
  return {
    faces: faces.map((face) => ({
      ...faceAnswer(face),
      shortcomings: face.shortcomings.map((shortcoming) => ({
        ...shortcoming,
        error: refusalSentence(new Refusal('quality-too-low', { ...shortcoming }), language),
      })),
    })),
    main_face: mainFace < 0 ? null : mainFace,
    width,
    height,
    request_id: requestId,
  }
}

export const VerifyAnswer = Type.Object({
  score: Score,
  confidence: Confidence,
  match: Type.Boolean(),
  threshold: Threshold,
  image_id: Type.Optional(Type.Integer({ description: 'The image that scored best, where a person was given.' })),
  request_id: RequestId,
})
export type VerifyAnswer = Static<typeof VerifyAnswer>

export function verifyAnswer(
  { score, match, threshold, imageId }: Verification,
  say: Scorer,
  requestId: string,
): VerifyAnswer {
  return {
    ...say(score),
    match,
    threshold,
    ...(imageId === null ? {} : { image_id: imageId }),
    request_id: requestId,
  }
}

export const EmbedAnswer = Type.Object({
  model: Type.String({ description: 'Only templates of the same model may be compared.' }),
  dimension: Type.Integer(),
  embedding: Type.Array(Type.Number()),
  face: FaceAnswer,
  request_id: RequestId,
})
export type EmbedAnswer = Static<typeof EmbedAnswer>

export function embedAnswer(
  face: DetectedFace & { readonly template: Float32Array },
  pack: PackIdentity,
  requestId: string,
): EmbedAnswer {
  return {
    model: pack.modelId,
    dimension: pack.dimension,
    embedding: [...face.template],
    face: faceAnswer(face),
    request_id: requestId,
  }
}

function matchAnswer(match: Match, say: Scorer): MatchAnswer {
  return {
    image_id: match.imageId,
    image_path: match.label,
    class_id: match.person.classId,
    ...say(match.score),
    nguoi: personAnswer(match.person),
  }
}

function identifiedFaceAnswer(face: IdentifiedFace, say: Scorer): Static<typeof IdentifiedFaceAnswer> {
  return { ...faceAnswer(face), match: face.match === null ? null : matchAnswer(face.match, say) }
}
