import type { FastifyInstance } from 'fastify'
import { actorOf, sessionOf } from '../authenticate.ts'
import { describe } from '../describe.ts'
import { CLASS_ID, FROM_CLASS_ID, IMAGE_ID, IMAGE_IDS, INTO_CLASS_ID, NEW_CLASS_ID } from '../wire/fields.ts'
import { PATHS } from '../wire/paths.ts'
import { NAME, PERSON_FIELDS, readPersonChanges } from '../wire/person.ts'
import { MergeAnswer, MoveAnswer, mergeAnswer, moveAnswer, SplitAnswer, splitAnswer } from '../wire/rearrangement.ts'
import type { RouteContext } from './context.ts'

/** Putting right whose images are whose. */
export function rearrangementRoutes(app: FastifyInstance, { operations, readForm }: RouteContext): void {
  app.post(
    PATHS.moveImage,
    {
      config: { access: 'editor' },
      schema: describe({
        id: 'moveImage',
        tag: 'Data',
        summary: 'Move an image to another person',
        access: 'editor',
        fields: [IMAGE_ID, CLASS_ID],
        required: [IMAGE_ID, CLASS_ID],
        answer: MoveAnswer,
        refusals: ['image-not-found', 'person-not-found', 'field-missing', 'already-enrolled'],
      }),
    },
    async (request): Promise<MoveAnswer> => {
      const form = await readForm(request)
      const imageId = form.required(IMAGE_ID)
      const classId = form.required(CLASS_ID)
      const moved = await operations.rearrange.moveImage(imageId, classId, actorOf(request))
      return moveAnswer(moved, sessionOf(request).username)
    },
  )

  app.post(
    PATHS.mergePeople,
    {
      config: { access: 'editor' },
      schema: describe({
        id: 'mergePeople',
        tag: 'Data',
        summary: 'Make two enrolments of one person one',
        description:
          'The images of from_class_id become images of into_class_id, whose fields stay, and from_class_id ends. An image of a photo that both have is kept once.',
        access: 'editor',
        fields: [FROM_CLASS_ID, INTO_CLASS_ID],
        required: [FROM_CLASS_ID, INTO_CLASS_ID],
        answer: MergeAnswer,
        refusals: ['person-not-found', 'field-missing'],
      }),
    },
    async (request): Promise<MergeAnswer> => {
      const form = await readForm(request)
      const from = form.required(FROM_CLASS_ID)
      const into = form.required(INTO_CLASS_ID)
      return mergeAnswer(await operations.rearrange.merge(from, into, actorOf(request)), sessionOf(request).username)
    },
  )

  app.post(
    PATHS.splitPerson,
    {
      config: { access: 'editor' },
      schema: describe({
        id: 'splitPerson',
        tag: 'Data',
        summary: 'Make images of a person those of a new one',
        description: 'Also undoes a merge: with the image_ids that it moved, and the former id as new_class_id.',
        access: 'editor',
        fields: [CLASS_ID, IMAGE_IDS, NEW_CLASS_ID, ...PERSON_FIELDS],
        required: [CLASS_ID, IMAGE_IDS, NAME],
        answer: SplitAnswer,
        refusals: ['person-not-found', 'image-not-found', 'field-missing'],
      }),
    },
    async (request): Promise<SplitAnswer> => {
      const form = await readForm(request)
      const newClassId = form.optional(NEW_CLASS_ID)
      const wish = {
        classId: form.required(CLASS_ID),
        imageIds: form.required(IMAGE_IDS),
        fields: readPersonChanges(form),
        ...(newClassId === undefined ? {} : { newClassId }),
      }
      return splitAnswer(await operations.rearrange.split(wish, actorOf(request)), sessionOf(request).username)
    },
  )
}
