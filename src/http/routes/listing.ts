import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Page } from '../../domain/paging.ts'
import { describe } from '../describe.ts'
import type { Form } from '../form.ts'
import { queryForm } from '../read-form.ts'
import { actionOf } from '../wire/audit-action.ts'
import {
  AUDIT_ACTION,
  AUDIT_FROM,
  AUDIT_TO,
  AUDIT_USERNAME,
  CLASS_ID,
  IMAGE_ID,
  IMAGES_OF,
  PAGE,
  PAGE_SIZE,
  PAGE_SIZE_DEFAULT,
  PAGING,
  personOrderOf,
  SEARCH_TEXT,
  SORT_BY,
  SORT_PEOPLE_BY,
  sortOf,
} from '../wire/fields.ts'
import {
  AuditAnswer,
  auditAnswer,
  ImagesAnswer,
  ImagesOfAnswer,
  imagesAnswer,
  imagesOfAnswer,
  PeopleAnswer,
  peopleAnswer,
} from '../wire/listing.ts'
import { PATHS } from '../wire/paths.ts'
import type { RouteContext } from './context.ts'

/** What is enrolled, and who changed it. */
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

  app.get(
    PATHS.audit,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'listAudit',
        tag: 'Lists',
        summary: 'Who did what to whom, when and from where',
        access: 'admin',
        query: [AUDIT_USERNAME, AUDIT_ACTION, AUDIT_FROM, AUDIT_TO, ...PAGING],
        answer: AuditAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<AuditAnswer> => {
      const form = queryForm(request)
      const page = readPage(form)
      const username = form.optional(AUDIT_USERNAME)
      const action = form.optional(AUDIT_ACTION)
      const from = form.optional(AUDIT_FROM)
      const to = form.optional(AUDIT_TO)
      const filter = {
        ...(username === undefined ? {} : { username }),
        ...(action === undefined ? {} : { action: actionOf(action) }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      }
      return auditAnswer(await operations.audit.list(filter, page), page)
    },
  )
}

function readPage(form: Form): Page {
  return { page: form.optional(PAGE) ?? 1, pageSize: form.optional(PAGE_SIZE) ?? PAGE_SIZE_DEFAULT }
}
