import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../domain/errors.ts'
import { actorOf, sessionOf } from '../authenticate.ts'
import { describe } from '../describe.ts'
import { labelOf } from '../file-label.ts'
import { EditAnswer, EnrolAnswer, editAnswer, enrolAnswer } from '../wire/change.ts'
import { CLASS_ID, FILE, FILES, FORCE, IMAGE_ID, LABEL, STRICT } from '../wire/fields.ts'
import { PATHS } from '../wire/paths.ts'
import { PERSON_FIELDS, readPersonChanges } from '../wire/person.ts'
import { languageOf, type RouteContext } from './context.ts'

/** Adding photos of people, and changing what is enrolled. */
export function enrolmentRoutes(app: FastifyInstance, context: RouteContext): void {
  const { operations, readForm, uploadFiles, language } = context

  app.post(
    PATHS.enrol,
    {
      config: { access: 'editor', photos: uploadFiles },
      schema: describe({
        id: 'enrol',
        tag: 'Data',
        summary: 'Enrol photos of one person',
        description:
          'A new person needs a name; class_id adds to a known one. Good photos are kept, bad ones listed in `rejected`; nothing is created where all are bad. The same file of the same person is recognised, not stored twice.',
        access: 'editor',
        files: [FILES],
        several: true,
        fields: [...PERSON_FIELDS, CLASS_ID, IMAGE_ID, LABEL, STRICT, FORCE],
        required: [FILES],
        answer: EnrolAnswer,
        refusals: ['person-not-found', 'already-enrolled', 'image-id-taken', 'several-faces', 'quality-too-low'],
      }),
    },
    async (request): Promise<EnrolAnswer> => {
      const form = await readForm(request)
      const uploads = form.photos(FILES)
      if (uploads.length === 0) throw form.missing(FILES)
      if (uploads.length > uploadFiles)
        throw new Refusal('file-invalid', { field: FILES.names[0], reason: 'too-many-files', max: uploadFiles })
      const label = form.optional(LABEL)
      const classId = form.optional(CLASS_ID)
      const imageId = form.optional(IMAGE_ID)
      const enrolment = await operations.enrol(
        {
          photos: uploads.map(({ bytes, fileName }) => ({ bytes, label: label ?? labelOf(fileName) })),
          fields: readPersonChanges(form),
          strict: form.optional(STRICT) ?? false,
          force: form.optional(FORCE) ?? false,
          ...(classId === undefined ? {} : { classId }),
          ...(imageId === undefined ? {} : { imageId }),
        },
        actorOf(request),
      )
      return enrolAnswer(enrolment, sessionOf(request).username, languageOf(request, language))
    },
  )

  for (const method of ['PUT', 'POST'] as const)
    app.route({
      method,
      url: PATHS.edit,
      config: { access: 'editor', photos: 1 },
      schema: describe({
        id: method === 'PUT' ? 'edit' : 'editByPost',
        tag: 'Data',
        summary: 'Change an image or a person',
        description:
          "With image_id, file replaces the image's template and image_path its label. Person fields change the person concerned; a JSON null clears one.",
        access: 'editor',
        files: [FILE],
        fields: [IMAGE_ID, CLASS_ID, ...PERSON_FIELDS, LABEL, STRICT, FORCE],
        answer: EditAnswer,
        refusals: ['person-not-found', 'image-not-found', 'already-enrolled', 'several-faces', 'quality-too-low'],
      }),
      handler: async (request): Promise<EditAnswer> => {
        const form = await readForm(request)
        const imageId = form.optional(IMAGE_ID)
        const classId = form.optional(CLASS_ID)
        const photo = form.optionalPhoto(FILE)
        const label = form.optional(LABEL)
        const edit = await operations.edit(
          {
            fields: readPersonChanges(form),
            strict: form.optional(STRICT) ?? false,
            force: form.optional(FORCE) ?? false,
            ...(imageId === undefined ? {} : { imageId }),
            ...(classId === undefined ? {} : { classId }),
            ...(photo === undefined ? {} : { photo: photo.bytes }),
            ...(label === undefined ? {} : { label }),
          },
          actorOf(request),
        )
        return editAnswer(edit, sessionOf(request).username)
      },
    })
}
