import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { ErrorAnswer } from './wire/error.ts'
import { PATHS } from './wire/paths.ts'

const DESCRIPTION = [
  'Face recognition: people are enrolled with photographs, and a new photograph of one of them comes back with the name.',
  '',
  'Bodies may be JSON, `application/x-www-form-urlencoded` or `multipart/form-data`; photos come only in the last.',
  'Errors are sentences for people with a code for programs: Vietnamese unless `Accept-Language` prefers English.',
  'Every answer carries `x-request-id`.',
].join('\n')

/** Collects the OpenAPI document from the routes that are registered from now on. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  app.addHook('onRoute', (route) => {
    // The routes of the pages are the library's, which knows nothing of access.
    if (route.url.startsWith(PATHS.docs)) route.config = { ...route.config, access: 'public' }
  })
  // Schemas describe: fields are read by the routes, in every encoding alike, and answers are typed where they are made.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)
  app.addSchema(ErrorAnswer)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'nhandien', description: DESCRIPTION, version, license: { name: 'MIT' } },
      servers: [{ url: '/' }],
      tags: [
        { name: 'Recognition', description: 'Who is in a photo.' },
        { name: 'Data', description: 'Enrolling, editing and removing people and images.' },
        { name: 'Lists', description: 'What is enrolled.' },
        { name: 'Accounts', description: 'Signing in and out.' },
        { name: 'System', description: 'How the server is.' },
      ],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema-${index}`) },
  })
}

/** Swagger UI needs inline styles and pictures in data addresses; everything else comes from here. */
const DOCS_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The pages that show the document, served from here without any other host. */
export async function serveDocs(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: PATHS.docs,
    uiConfig: { deepLinking: true, persistAuthorization: false },
    staticCSP: DOCS_CSP,
    theme: { title: 'nhandien API' },
  })
}
