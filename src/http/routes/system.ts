import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../domain/errors.ts'
import { describe } from '../describe.ts'
import { PATHS } from '../wire/paths.ts'
import {
  HealthAnswer,
  healthAnswer,
  IndexStatusAnswer,
  indexStatusAnswer,
  LiveAnswer,
  liveAnswer,
  ReadyAnswer,
  readyAnswer,
  VectorInfoAnswer,
  vectorInfoAnswer,
} from '../wire/system.ts'
import type { RouteContext } from './context.ts'

/** How the server and its index are. */
export function systemRoutes(app: FastifyInstance, { operations: { report } }: RouteContext): void {
  app.get(
    PATHS.indexStatus,
    {
      config: { access: 'public' },
      schema: describe({
        id: 'indexStatus',
        tag: 'System',
        summary: 'Whether the index agrees with the database',
        access: 'public',
        answer: IndexStatusAnswer,
        refusals: [],
      }),
    },
    async (): Promise<IndexStatusAnswer> => indexStatusAnswer(await report.index()),
  )

  app.get(
    PATHS.vectorInfo,
    {
      config: { access: 'public' },
      schema: describe({
        id: 'vectorInfo',
        tag: 'System',
        summary: 'What the index is made of',
        access: 'public',
        answer: VectorInfoAnswer,
        refusals: [],
      }),
    },
    async (): Promise<VectorInfoAnswer> => vectorInfoAnswer(await report.index()),
  )

  app.get(
    PATHS.health,
    {
      config: { access: 'open' },
      schema: describe({
        id: 'health',
        tag: 'System',
        summary: 'How the server is',
        description: 'Status 503 where it is unhealthy.',
        access: 'open',
        answer: HealthAnswer,
        refusals: [],
      }),
    },
    async (_request, reply): Promise<HealthAnswer> => {
      const health = healthAnswer(await report.readiness(), new Date())
      if (health.status === 'unhealthy') reply.code(503)
      return health
    },
  )

  app.get(
    PATHS.live,
    {
      config: { access: 'open', rateLimit: false },
      schema: describe({
        id: 'live',
        tag: 'System',
        summary: 'Whether the process answers',
        access: 'open',
        answer: LiveAnswer,
        refusals: [],
      }),
    },
    async (): Promise<LiveAnswer> => liveAnswer(new Date()),
  )

  app.get(
    PATHS.ready,
    {
      config: { access: 'open', rateLimit: false },
      schema: describe({
        id: 'ready',
        tag: 'System',
        summary: 'Whether database, models and index are usable',
        description: 'Status 503 with the names of those that are not.',
        access: 'open',
        answer: ReadyAnswer,
        refusals: [],
      }),
    },
    async (): Promise<ReadyAnswer> => {
      const { ready, failing } = await report.readiness()
      if (!ready) throw new Refusal('not-ready', { failing })
      return readyAnswer(new Date())
    },
  )
}
