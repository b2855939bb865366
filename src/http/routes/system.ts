import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../domain/errors.ts'
import { describe } from '../describe.ts'
import { HealthDetailsAnswer, healthDetailsAnswer } from '../wire/health-details.ts'
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

/** Prometheus' text format, version 0.0.4. */
const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** How the server and its index are. */
export function systemRoutes(
  app: FastifyInstance,
  { operations: { report }, version, metricsToken }: RouteContext,
): void {
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
        unwell: HealthAnswer,
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

  app.get(
    PATHS.healthDetails,
    {
      config: { access: 'open' },
      schema: describe({
        id: 'healthDetails',
        tag: 'System',
        summary: 'How the server is, in detail',
        description:
          'Numbers of machine, database, workers, index and requests, gathered at most once a second. Status 200 however the server is. Nothing in it is about a person; versions of what the server is built on are told to administrators only.',
        access: 'open',
        answer: HealthDetailsAnswer,
        refusals: [],
      }),
    },
    async ({ session }): Promise<HealthDetailsAnswer> => {
      const runtime = session?.role === 'admin' ? process.version : null
      return healthDetailsAnswer(await report.details(), version, runtime)
    },
  )

  app.get(
    PATHS.metrics,
    {
      config: { access: metricsToken === '' ? 'public' : 'open' },
      schema: describe({
        id: 'metrics',
        tag: 'System',
        summary: "Everything measured, in Prometheus' text format",
        access: 'public',
        answer: 'text/plain',
        refusals: [],
      }),
    },
    async (request, reply): Promise<string> => {
      if (metricsToken !== '') checkBearer(request.headers.authorization, metricsToken)
      reply.type(EXPOSITION_TYPE)
      return await report.metrics()
    },
  )
}

/** @throws Refusal `token-missing`, `token-invalid` */
function checkBearer(header: string | undefined, token: string): void {
  if (header === undefined) throw new Refusal('token-missing')
  const digest = (text: string) => createHash('sha256').update(text).digest()
  if (!timingSafeEqual(digest(header), digest(`Bearer ${token}`))) throw new Refusal('token-invalid')
}
