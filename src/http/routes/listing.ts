import type { FastifyInstance, FastifyRequest } from 'fastify'
import { describe } from '../describe.ts'
import { queryForm } from '../read-form.ts'
import {
  CLASS_ID,
  IMAGE_ID,
  IMAGES_OF,
  PAGING,
  personOrderOf,
  readPage,
  SEARCH_TEXT,
  SORT_BY,
  SORT_PEOPLE_BY,
  sortOf,
} from '../wire/fields.ts'
import {
  ImagesAnswer,
  ImagesOfAnswer,
  imagesAnswer,
  imagesOfAnswer,
  PeopleAnswer,
  peopleAnswer,
} from '../wire/listing.ts'
import { PATHS } from '../wire/paths.ts'
import type { RouteContext } from './context.ts'

/** What is enrolled. */
export function listingRoutes(app: FastifyInstance, { operations }: RouteContext): void {
  app.get(
    PATHS.people,
    {
      config: { access: 'public' },
      schema: describe({
        id: 'listPeople',
        tag: 'Lists',
        summary: 'People, a page at a time',
        access: 'public',
        query: [SEARCH_TEXT, ...PAGING, SORT_PEOPLE_BY],
        answer: PeopleAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<PeopleAnswer> => {
      const form = queryForm(request)
      const page = readPage(form)
      const order = personOrderOf(form.optional(SORT_PEOPLE_BY) ?? 'class_id_asc')
      return peopleAnswer(await operations.browse.listPeople(form.optional(SEARCH_TEXT) ?? '', page, order), page)
    },
  )

  app.get(
    PATHS.images,
    {
      config: { access: 'public' },
      schema: describe({
        id: 'listImages',
        tag: 'Lists',
        summary: 'Images, a page at a time',
        access: 'public',
        query: [IMAGES_OF, ...PAGING, SORT_BY],
        answer: ImagesAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<ImagesAnswer> => {
      const form = queryForm(request)
      const page = readPage(form)
      const classId = form.optional(IMAGES_OF) ?? null
      const order = sortOf(form.optional(SORT_BY) ?? 'image_id_asc')
      return imagesAnswer(await operations.browse.listImages({ ...page, classId, ...order }), page)
    },
  )

  const imagesOf = async (request: FastifyRequest): Promise<ImagesOfAnswer> =>
    imagesOfAnswer(await operations.browse.imagesOf(queryForm(request).required(CLASS_ID)))

  app.get(
    PATHS.imagesOf,
    {
      config: { access: 'public' },
      schema: describe({
        id: 'imagesOf',
        tag: 'Lists',
        summary: 'The images of a person',
        access: 'public',
        query: [CLASS_ID],
        required: [CLASS_ID],
        answer: ImagesOfAnswer,
        refusals: ['person-not-found', 'field-missing'],
      }),
    },
    imagesOf,
  )

  app.get(
    PATHS.imagesOfById,
    {
      config: { access: 'public' },
      schema: describe({
        id: 'imagesOfById',
        tag: 'Lists',
        summary: 'The images of a person',
        access: 'public',
        params: [CLASS_ID],
        answer: ImagesOfAnswer,
        refusals: ['person-not-found'],
      }),
    },
    imagesOf,
  )

  app.get(
    PATHS.crop,
    {
      config: { access: 'viewer' },
      schema: describe({
        id: 'crop',
        tag: 'Lists',
        summary: 'The stored face of an image, where faces are kept',
        access: 'viewer',
        params: [IMAGE_ID],
        answer: 'image/jpeg',
        refusals: ['image-not-found', 'crop-not-found'],
      }),
    },
    async (request, reply) => {
      const crop = await operations.browse.crop(queryForm(request).required(IMAGE_ID))
      return await reply.type('image/jpeg').send(Buffer.from(crop.buffer, crop.byteOffset, crop.byteLength))
    },
  )
}
