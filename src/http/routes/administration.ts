import type { FastifyInstance } from 'fastify'
import { actorOf } from '../authenticate.ts'
import { describe } from '../describe.ts'
import {
  ModelsAnswer,
  modelsAnswer,
  RebuildGalleryAnswer,
  rebuildGalleryAnswer,
  SnapshotGalleryAnswer,
  snapshotGalleryAnswer,
  VerifyGalleryAnswer,
  verifyGalleryAnswer,
} from '../wire/administration.ts'
import { PATHS } from '../wire/paths.ts'
import type { RouteContext } from './context.ts'

/** Models and gallery, for administrators. */
export function administrationRoutes(app: FastifyInstance, { operations }: RouteContext): void {
  app.get(
    PATHS.models,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'listModels',
        tag: 'System',
        summary: 'The model packs there are, and which one is in use',
        access: 'admin',
        answer: ModelsAnswer,
        refusals: [],
      }),
    },
    async (): Promise<ModelsAnswer> => modelsAnswer(await operations.listPacks()),
  )

  app.post(
    PATHS.verifyGallery,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'verifyGallery',
        tag: 'System',
        summary: 'Compare the index with the database, row for row',
        access: 'admin',
        answer: VerifyGalleryAnswer,
        refusals: [],
      }),
    },
    async (): Promise<VerifyGalleryAnswer> => verifyGalleryAnswer(await operations.gallery.verify()),
  )

  app.post(
    PATHS.rebuildGallery,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'rebuildGallery',
        tag: 'System',
        summary: 'Put right what differs from the database, while searches go on',
        access: 'admin',
        answer: RebuildGalleryAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<RebuildGalleryAnswer> =>
      rebuildGalleryAnswer(await operations.gallery.rebuild(actorOf(request))),
  )

  app.post(
    PATHS.snapshotGallery,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'snapshotGallery',
        tag: 'System',
        summary: 'Write the index to disk, so that the next start is quick',
        access: 'admin',
        answer: SnapshotGalleryAnswer,
        refusals: [],
      }),
    },
    async (): Promise<SnapshotGalleryAnswer> => snapshotGalleryAnswer(await operations.gallery.snapshot()),
  )
}
