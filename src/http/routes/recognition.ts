import type { FastifyInstance, FastifyRequest } from 'fastify'
import { networkOf } from '../../domain/account.ts'
import { Refusal } from '../../domain/errors.ts'
import type { ToldScore } from '../../operations/climb-watch.ts'
import type { Identification } from '../../operations/identify.ts'
import { RANK_LIMIT_DEFAULT } from '../../operations/rank.ts'
import { actorOf } from '../authenticate.ts'
import { describe } from '../describe.ts'
import type { Form } from '../form.ts'
import { CLASS_ID, FILE, FILE_2, GROUP_BY, LIMIT, THRESHOLD } from '../wire/fields.ts'
import { PATHS } from '../wire/paths.ts'
import {
  DetectAnswer,
  detectAnswer,
  EmbedAnswer,
  embedAnswer,
  IdentifyAnswer,
  identifyAnswer,
  RankAnswer,
  rankAnswer,
  VerifyAnswer,
  verifyAnswer,
} from '../wire/recognition.ts'
import { type Scorer, scorer } from '../wire/score.ts'
import { languageOf, type RouteContext } from './context.ts'

/** Who is in a photo, and whether two photos show the same person. */
export function recognitionRoutes(app: FastifyInstance, { operations, readForm, language }: RouteContext): void {
  const { climbs } = operations
  const { pack } = operations.report

  app.post(
    PATHS.identify,
    {
      config: { access: 'public', photos: 1, fieldsInQuery: true },
      schema: describe({
        id: 'identify',
        tag: 'Recognition',
        summary: 'Who is in a photo',
        description:
          'The match of the main face at the top level, and every face in `faces`. Nobody above the threshold: no match keys, `results` empty.',
        access: 'public',
        files: [FILE],
        fields: [THRESHOLD],
        required: [FILE],
        answer: IdentifyAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<IdentifyAnswer> => {
      const started = performance.now()
      const actor = actorOf(request)
      climbs.admit(actor)
      const form = await readForm(request)
      const wish = { ...thresholdWish(form), caller: networkOf(request.ip) }
      const identification = await operations.identify(form.photo(FILE).bytes, wish)
      await climbs.note(actor, scoresIn(identification), identification.threshold)
      const say = scorerFor(request, identification.threshold)
      return identifyAnswer(identification, say, performance.now() - started, request.id)
    },
  )

  app.post(
    PATHS.rank,
    {
      config: { access: 'public', photos: 1, fieldsInQuery: true },
      schema: describe({
        id: 'rank',
        tag: 'Recognition',
        summary: 'Whom the main face of a photo resembles most',
        description: 'The nearest people, best image each, nearest first, below the threshold too.',
        access: 'public',
        query: [LIMIT, GROUP_BY],
        files: [FILE],
        fields: [THRESHOLD],
        required: [FILE],
        answer: RankAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<RankAnswer> => {
      const started = performance.now()
      const actor = actorOf(request)
      climbs.admit(actor)
      const form = await readForm(request)
      const limit = form.optional(LIMIT) ?? RANK_LIMIT_DEFAULT
      const by = form.optional(GROUP_BY) ?? 'person'
      const wish = { limit, by, ...thresholdWish(form), caller: networkOf(request.ip) }
      const ranking = await operations.rank(form.photo(FILE).bytes, wish)
      const { candidates, identification } = ranking
      const told = candidates.map(({ person, score }) => ({ classId: person.classId, score }))
      await climbs.note(actor, [...told, ...scoresIn(identification)], identification.threshold)
      const say = scorerFor(request, identification.threshold)
      return rankAnswer(ranking, say, performance.now() - started, request.id)
    },
  )

  app.post(
    PATHS.detect,
    {
      config: { access: 'public', photos: 1, fieldsInQuery: true },
      schema: describe({
        id: 'detect',
        tag: 'Recognition',
        summary: 'Where the faces of a photo are',
        description: 'Nobody is searched for. A photo without faces is answered with none.',
        access: 'public',
        files: [FILE],
        required: [FILE],
        answer: DetectAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<DetectAnswer> => {
      const form = await readForm(request)
      const detection = await operations.detect(form.photo(FILE).bytes, networkOf(request.ip))
      return detectAnswer(detection, languageOf(request, language), request.id)
    },
  )

  app.post(
    PATHS.verify,
    {
      config: { access: 'public', photos: 2, fieldsInQuery: true },
      schema: describe({
        id: 'verify',
        tag: 'Recognition',
        summary: 'Whether a photo shows the same person as another, or an enrolled person',
        access: 'public',
        files: [FILE, FILE_2],
        fields: [CLASS_ID, THRESHOLD],
        required: [FILE],
        answer: VerifyAnswer,
        refusals: ['person-not-found', 'image-not-found'],
      }),
    },
    async (request): Promise<VerifyAnswer> => {
      const actor = actorOf(request)
      climbs.admit(actor)
      const form = await readForm(request)
      const photo = form.photo(FILE).bytes
      const other = form.optionalPhoto(FILE_2)?.bytes
      const classId = form.optional(CLASS_ID)
      const wish = { ...thresholdWish(form), caller: networkOf(request.ip) }
      if (other !== undefined && classId !== undefined)
        throw new Refusal('field-invalid', { field: CLASS_ID.names[0], reason: 'one-of-two' })
      const claim = other === undefined ? (classId === undefined ? null : { classId }) : { photo: other }
      if (claim === null) throw form.missing(FILE_2)
      const verification = await operations.verify(photo, claim, wish)
      if (classId !== undefined)
        await climbs.note(actor, [{ classId, score: verification.score }], verification.threshold)
      return verifyAnswer(verification, scorerFor(request, verification.threshold), request.id)
    },
  )

  app.post(
    PATHS.embed,
    {
      config: { access: 'editor', photos: 1 },
      schema: describe({
        id: 'embed',
        tag: 'Recognition',
        summary: "The template of a photo's main face",
        access: 'editor',
        files: [FILE],
        required: [FILE],
        answer: EmbedAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<EmbedAnswer> => {
      const form = await readForm(request)
      const { face } = await operations.embed(form.photo(FILE).bytes, networkOf(request.ip))
      return embedAnswer(face, pack, request.id)
    },
  )

  function scorerFor(request: FastifyRequest, threshold: number): Scorer {
    return scorer(pack, threshold, request.session !== null)
  }
}

function thresholdWish(form: Form): { threshold?: number } {
  const threshold = form.optional(THRESHOLD)
  return threshold === undefined ? {} : { threshold }
}

function scoresIn({ faces }: Identification): readonly ToldScore[] {
  return faces.flatMap(({ match }) => (match === null ? [] : [{ classId: match.person.classId, score: match.score }]))
}
