import cors from '@fastify/cors'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import { Refusal } from '../domain/errors.ts'
import type { Operations } from '../operations/operations.ts'
import { guardRoutes, refuseSecretsInUrls } from './authenticate.ts'
import { bodyBytesMax, checkBodies } from './body-checks.ts'
import { connectionErrorHandler } from './connection-errors.ts'
import { limitConnections } from './connection-limit.ts'
import { answerErrors, sendError } from './errors.ts'
import { HeldBytes, releaseHeldBytes } from './held-bytes.ts'
import { requireOneHost } from './one-host.ts'
import { describeApi, serveDocs } from './openapi.ts'
import type { ServerOptions } from './options.ts'
import { limitRates } from './rate-limit.ts'
import { formReader, parseBodies } from './read-form.ts'
import { answerRequestIds, REQUEST_ID_HEADER, requestIdOf } from './request-id.ts'
import { logRequests } from './request-log.ts'
import { accountRoutes } from './routes/accounts.ts'
import { administrationRoutes } from './routes/administration.ts'
import { auditRoutes } from './routes/audit.ts'
import type { RouteContext } from './routes/context.ts'
import { documentRoutes } from './routes/document.ts'
import { enrolmentRoutes } from './routes/enrolment.ts'
import { listingRoutes } from './routes/listing.ts'
import { pageRoutes } from './routes/pages.ts'
import { rearrangementRoutes } from './routes/rearrangement.ts'
import { recognitionRoutes } from './routes/recognition.ts'
import { removalRoutes } from './routes/removal.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { systemRoutes } from './routes/system.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { spareThoseWhoWait } from './silent-connections.ts'
import { answerUnknownRoutes, noteMethods } from './unknown-routes.ts'
import { continueOnceChecked, discardUnreadBodies } from './unread-bodies.ts'
import { uploadReader } from './upload.ts'

/** Requests on one connection, after which the client opens a new one. */
const REQUESTS_PER_CONNECTION_MAX = 10_000
const HEADER_BYTES_MAX = 16_384
/** Characters of one varying part of an address. */
const PARAMETER_LENGTH_MAX = 100
const PREFLIGHT_SECONDS = 600
/** What libraries would log at their most talkative. */
const SECRET_PATHS = ['busboyOptions.headers', 'req', 'res', 'headers']

/**
 * The HTTP interface over the operations. The order is that in which a request meets the parts: what marks, limits and
 * refuses it by its head alone comes first, then who sent it, then its body, then its route.
 */
export async function createServer(operations: Operations, options: ServerOptions): Promise<FastifyInstance> {
  // Whoever is alone may send the largest photo.
  const held = new HeldBytes(Math.max(options.limits.heldBytes, 2 * bodyBytesMax(1, options.limits)))
  const app = openServer(options)

  limitConnections(app, options.limits)
  answerErrors(app, options.language)
  answerRequestIds(app)
  logRequests(app, options)
  releaseHeldBytes(app, held)
  discardUnreadBodies(app, options.timeouts.lingerMs)
  continueOnceChecked(app)
  spareThoseWhoWait(app)
  await setSecurityHeaders(app)
  await allowOrigins(app, options.corsOrigins)
  refuseWhileClosing(app)
  requireOneHost(app)
  refuseSecretsInUrls(app)
  const limitSignIns = await limitRates(app, options.rateLimit)
  const methods = noteMethods(app)
  await describeApi(app, options.version)
  guardRoutes(app, operations.door, options.publicAccess)
  checkBodies(app, options.limits, held, options.admit)
  await parseBodies(app, options.limits)

  const context: RouteContext = {
    operations,
    readForm: formReader(uploadReader(options.limits, held)),
    uploadFiles: options.limits.uploadFiles,
    openRegistration: options.openRegistration,
    language: options.language,
    version: options.version,
    metricsToken: options.metricsToken,
    limitSignIns,
  }
  sessionRoutes(app, context)
  accountRoutes(app, context)
  recognitionRoutes(app, context)
  enrolmentRoutes(app, context)
  rearrangementRoutes(app, context)
  removalRoutes(app, context)
  listingRoutes(app, context)
  auditRoutes(app, context)
  administrationRoutes(app, context)
  systemRoutes(app, context)
  documentRoutes(app)
  if (options.pages !== null) await pageRoutes(app, options.pages)
  await serveDocs(app)
  answerUnknownRoutes(app, methods)
  return app
}

function openServer({ timeouts, trustedProxies, logger, language }: ServerOptions): FastifyInstance {
  return fastify({
    logger: { ...logger, redact: { paths: SECRET_PATHS, remove: true } },
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    genReqId: requestIdOf,
    connectionTimeout: timeouts.idleMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    maxRequestsPerSocket: REQUESTS_PER_CONNECTION_MAX,
    http: {
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
      maxHeaderSize: HEADER_BYTES_MAX,
      // one-host.ts
      requireHostHeader: false,
    },
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    // Requests that come while the server closes are refused in the form of all other errors.
    return503OnClosing: false,
    clientErrorHandler: connectionErrorHandler(language),
    frameworkErrors: (error, request, reply) => {
      reply.header(REQUEST_ID_HEADER, request.id)
      void sendError(error, request, reply, language)
    },
  })
}

/** No other origin's pages may call, unless they are named. */
async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'accept-language', REQUEST_ID_HEADER],
    exposedHeaders: [REQUEST_ID_HEADER, 'retry-after'],
    maxAge: PREFLIGHT_SECONDS,
  })
}

function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })
  app.addHook('onRequest', (_request, reply, done) => {
    if (closing) reply.header('connection', 'close')
    done(closing ? new Refusal('not-ready', { failing: ['draining'] }) : undefined)
  })
  // Nor may a connection outlive the answer that was on its way: the server would wait for the caller's next request.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close')
    done()
  })
}
