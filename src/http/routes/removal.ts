import type { FastifyInstance } from 'fastify'
import { actorOf, sessionOf } from '../authenticate.ts'
import { describe } from '../describe.ts'
import { queryForm } from '../read-form.ts'
import {
  RemoveImageAnswer,
  RemovePersonAnswer,
  ResetAnswer,
  removeImageAnswer,
  removePersonAnswer,
  resetAnswer,
} from '../wire/change.ts'
import { CLASS_ID, CONFIRM, IMAGE_ID, SCOPE } from '../wire/fields.ts'
import { PATHS } from '../wire/paths.ts'
import type { RouteContext } from './context.ts'

/** Taking enrolled data out. */
export function removalRoutes(app: FastifyInstance, { operations, readForm }: RouteContext): void {
  for (const method of ['DELETE', 'POST'] as const) {
    const inQuery = method === 'DELETE'

    app.route({
      method,
      url: PATHS.removeImage,
      config: { access: 'editor' },
      schema: describe({
        id: inQuery ? 'removeImage' : 'removeImageByPost',
        tag: 'Data',
        summary: 'Remove an image',
        ...(inQuery ? { description: 'The field may stand in a body as well.' } : {}),
        access: 'editor',
        ...(inQuery ? { query: [IMAGE_ID] } : { fields: [IMAGE_ID] }),
        required: [IMAGE_ID],
        answer: RemoveImageAnswer,
        refusals: ['image-not-found', 'field-missing'],
      }),
      handler: async (request): Promise<RemoveImageAnswer> => {
        const imageId = (await readForm(request)).required(IMAGE_ID)
        await operations.remove.image(imageId, actorOf(request))
        return removeImageAnswer(imageId, sessionOf(request).username)
      },
    })

    app.route({
      method,
      url: PATHS.removePerson,
      config: { access: 'editor' },
      schema: describe({
        id: inQuery ? 'removePerson' : 'removePersonByPost',
        tag: 'Data',
        summary: 'Remove a person with all images',
        ...(inQuery ? { description: 'The field may stand in a body as well.' } : {}),
        access: 'editor',
        ...(inQuery ? { query: [CLASS_ID] } : { fields: [CLASS_ID] }),
        required: [CLASS_ID],
        answer: RemovePersonAnswer,
        refusals: ['person-not-found', 'field-missing'],
      }),
      handler: async (request): Promise<RemovePersonAnswer> => {
        const classId = (await readForm(request)).required(CLASS_ID)
        const { imagesRemoved } = await operations.remove.person(classId, actorOf(request))
        return removePersonAnswer(classId, imagesRemoved, sessionOf(request).username)
      },
    })
  }

  app.delete(
    PATHS.removePersonById,
    {
      config: { access: 'editor' },
      schema: describe({
        id: 'removePersonById',
        tag: 'Data',
        summary: 'Remove a person with all images',
        access: 'editor',
        params: [CLASS_ID],
        answer: RemovePersonAnswer,
        refusals: ['person-not-found'],
      }),
    },
    async (request): Promise<RemovePersonAnswer> => {
      const classId = queryForm(request).required(CLASS_ID)
      const { imagesRemoved } = await operations.remove.person(classId, actorOf(request))
      return removePersonAnswer(classId, imagesRemoved, sessionOf(request).username)
    },
  )

  app.post(
    PATHS.reset,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'reset',
        tag: 'Data',
        summary: 'Remove every image, and with scope=all every person',
        description: 'A backup is written first and named in the answer; nothing is removed where that fails.',
        access: 'admin',
        fields: [SCOPE, CONFIRM],
        answer: ResetAnswer,
        refusals: ['confirmation-required'],
      }),
    },
    async (request): Promise<ResetAnswer> => {
      const form = await readForm(request)
      const wish = { people: form.optional(SCOPE) === 'all', confirmed: form.optional(CONFIRM) ?? false }
      return resetAnswer(await operations.remove.everything(wish, actorOf(request)), sessionOf(request).username)
    },
  )
}
