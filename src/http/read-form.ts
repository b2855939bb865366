import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../domain/errors.ts'
import { bodyType, FORM_TYPE, JSON_TYPE, MULTIPART_TYPE } from './body-checks.ts'
import { Form, type Upload } from './form.ts'
import type { ServerLimits } from './options.ts'
import type { UploadReader } from './upload.ts'

/** Reads the fields of a request from whichever encoding they came in. */
export type FormReader = (request: FastifyRequest) => Promise<Form>

/** The encodings in which fields may come, and no others. */
export async function parseBodies(app: FastifyInstance, limits: ServerLimits): Promise<void> {
  app.removeAllContentTypeParsers()
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  app.addContentTypeParser(
    JSON_TYPE,
    { parseAs: 'buffer', bodyLimit: limits.textBytes },
    async (_request: FastifyRequest, body: Buffer) => {
      try {
        return body.length === 0 ? {} : JSON.parse(utf8.decode(body))
      } catch (error) {
        throw new Refusal('body-malformed', {}, { cause: error })
      }
    },
  )
  await app.register(formbody, { bodyLimit: limits.textBytes })
  await app.register(multipart)
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether fields may stand in the query string too; they always may for DELETE. */
    fieldsInQuery?: boolean
  }
}

/** A reader of fields. Those that a form or a query string leaves empty count as left out. */
export function formReader(readUpload: UploadReader): FormReader {
  return async function readForm(request) {
    const values = new Map<string, unknown[]>()
    if (request.method === 'DELETE' || request.routeOptions.config.fieldsInQuery === true)
      addText(values, request.query)
    switch (bodyType(request)) {
      case MULTIPART_TYPE: {
        if (!request.isMultipart()) break
        const parts = await readUpload(request)
        for (const [name, given] of parts.values) add(values, name, given)
        return new Form(values, parts.files)
      }
      case FORM_TYPE:
        addText(values, request.body)
        break
      case JSON_TYPE:
        addJson(values, request.body)
        break
    }
    return new Form(values, new Map<string, Upload[]>())
  }
}

/** The fields of a query string alone. */
export function queryForm(request: FastifyRequest): Form {
  const values = new Map<string, unknown[]>()
  addText(values, request.query)
  addText(values, request.params)
  return new Form(values, new Map<string, Upload[]>())
}

function addText(values: Map<string, unknown[]>, source: unknown): void {
  if (typeof source !== 'object' || source === null) return
  for (const [name, value] of Object.entries(source)) {
    const given = [value].flat().filter((one) => one !== '')
    if (given.length > 0) add(values, name, given)
  }
}

function addJson(values: Map<string, unknown[]>, body: unknown): void {
  if (body === undefined) return
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('body-malformed')
  for (const [name, value] of Object.entries(body)) add(values, name, [value])
}

function add(values: Map<string, unknown[]>, name: string, given: readonly unknown[]): void {
  values.set(name, [...(values.get(name) ?? []), ...given])
}
