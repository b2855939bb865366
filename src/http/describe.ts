import type { FastifySchema } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { Refusal, type RefusalCode } from '../domain/errors.ts'
import type { Access } from './authenticate.ts'
import { FORM_TYPE, JSON_TYPE, MULTIPART_TYPE } from './body-checks.ts'
import type { FileField } from './form.ts'
import { ERROR_SCHEMA, errorAnswer } from './wire/error.ts'
import type { Field } from './wire/field.ts'
import { STATUS } from './wire/status.ts'

export type Tag = 'Recognition' | 'Data' | 'Lists' | 'Accounts' | 'System'

/** What a route takes and answers, in the terms of the contract. */
export interface Description {
  readonly id: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  readonly access: Access
  readonly params?: readonly Field<unknown>[]
  readonly query?: readonly Field<unknown>[]
  readonly fields?: readonly Field<unknown>[]
  /** Fields that are of a request's body as photos; only multipart bodies carry them. */
  readonly files?: readonly FileField[]
  /** Whether a file field takes several photos. */
  readonly several?: boolean
  /** Of `fields`, `query` and `files`, those that must be given. */
  readonly required?: readonly { readonly names: readonly [string, ...string[]] }[]
  /** Of the answer; 200 where absent. */
  readonly status?: 200 | 201
  readonly answer: TSchema | 'image/jpeg' | 'text/plain' | 'text/csv'
  /** Of an answer with status 503 that is no error: it says how the server is. */
  readonly unwell?: TSchema
  /** Besides those that every route may answer with. */
  readonly refusals: readonly RefusalCode[]
}

const ANYWHERE: readonly RefusalCode[] = ['too-many-requests', 'internal', 'not-ready']
const WITH_BODY: readonly RefusalCode[] = ['body-malformed', 'body-too-large', 'body-unsupported', 'field-invalid']
const WITH_FILES: readonly RefusalCode[] = [
  'field-missing',
  'file-invalid',
  'no-face',
  'image-unreadable',
  'image-too-large',
  'image-unsupported',
  'overloaded',
]
const WITH_ACCOUNT: readonly RefusalCode[] = ['token-missing', 'token-invalid', 'token-expired']

/** A route's part of the OpenAPI document. */
export function describe(description: Description): FastifySchema {
  const { id, tag, summary, access, params = [], query = [], fields = [], files = [] } = description
  const body = fields.length > 0 || files.length > 0 ? bodySchema(description) : undefined
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description.description === undefined ? {} : { description: description.description }),
    ...(access === 'open' || access === 'public' ? { security: [{}, { bearer: [] }] } : { security: [{ bearer: [] }] }),
    ...(params.length === 0 ? {} : { params: objectOf(params, params) }),
    ...(query.length === 0 ? {} : { querystring: objectOf(query, description.required ?? []) }),
    ...(body === undefined ? {} : { body }),
    response: {
      [description.status ?? 200]: answerSchema(description.answer),
      ...errorSchemas(refusalsOf(description), description.unwell),
    },
  }
}

function refusalsOf({
  access,
  params = [],
  query = [],
  fields = [],
  files = [],
  refusals,
}: Description): RefusalCode[] {
  const codes = new Set([...refusals, ...ANYWHERE])
  const add = (more: readonly RefusalCode[]) => {
    for (const code of more) codes.add(code)
  }
  if (params.length + query.length > 0) codes.add('field-invalid')
  if (fields.length + files.length > 0) add(WITH_BODY)
  if (files.length > 0) add(WITH_FILES)
  if (access !== 'open' && access !== 'public') add(WITH_ACCOUNT)
  if (access === 'editor' || access === 'admin') codes.add('forbidden')
  return [...codes]
}

function bodySchema({ fields = [], files = [], required = [], several = false }: Description): unknown {
  const plain = objectOf(fields, required)
  const content: Record<string, { schema: TSchema }> = {}
  const photo = (field: FileField): TSchema => {
    const schema = Type.String({ format: 'binary', description: field.description })
    return several ? Type.Array(schema, { description: field.description }) : schema
  }
  const withFiles = Type.Object(
    {
      ...Object.fromEntries(files.map((file) => [file.names[0], photo(file)])),
      ...plain.properties,
    },
    { required: requiredNames([...files, ...fields], required) },
  )
  content[MULTIPART_TYPE] = { schema: withFiles }
  // Where a photo is required no other encoding will do.
  if (!files.some((file) => required.includes(file))) {
    content[JSON_TYPE] = { schema: plain }
    content[FORM_TYPE] = { schema: plain }
  }
  return { content }
}

function objectOf(fields: readonly Field<unknown>[], required: Description['required'] = []) {
  return Type.Object(Object.fromEntries(fields.map((field) => [field.names[0], spelled(field)])), {
    required: requiredNames(fields, required),
  })
}

/** The field's schema, with its other spellings told. */
function spelled({ names: [, ...others], schema }: Field<unknown>): TSchema {
  if (others.length === 0) return schema
  const told = 'description' in schema && typeof schema.description === 'string' ? `${schema.description} ` : ''
  return { ...schema, description: `${told}Also accepted as ${others.join(', ')}.` }
}

function requiredNames(
  fields: readonly { readonly names: readonly [string, ...string[]] }[],
  required: NonNullable<Description['required']>,
): string[] {
  return fields.filter((field) => required.includes(field)).map((field) => field.names[0])
}

function answerSchema(answer: Description['answer']): unknown {
  if (answer === 'image/jpeg')
    return { description: 'A JPEG.', content: { 'image/jpeg': { schema: Type.String({ format: 'binary' }) } } }
  if (answer === 'text/csv') {
    const schema = Type.String()
    return { description: 'A file.', content: { 'text/csv': { schema }, 'application/x-ndjson': { schema } } }
  }
  if (answer === 'text/plain') return { description: 'Text.', content: { 'text/plain': { schema: Type.String() } } }
  return { ...answer, description: 'Done.' }
}

const EXAMPLE_DETAILS = { field: 'file', reason: 'out-of-range', min: 1, max: 100, faces: 3 }
const EXAMPLE_ID = '5f0c2a3e-8a43-4d0e-9a55-0d2f6f9f1a77'

/** One schema for each status, with an example for each code. */
function errorSchemas(codes: readonly RefusalCode[], unwell?: TSchema): Record<number, unknown> {
  const byStatus = new Map<number, RefusalCode[]>()
  for (const code of [...codes].sort()) byStatus.set(STATUS[code], [...(byStatus.get(STATUS[code]) ?? []), code])
  const schemas = [...byStatus].map(([status, ofStatus]): [number, unknown] => {
    const examples = ofStatus.map((code): [string, unknown] => {
      const { details: _, ...value } = errorAnswer(new Refusal(code, EXAMPLE_DETAILS), 'en', EXAMPLE_ID)
      return [code, { value }]
    })
    const error = Type.Ref(ERROR_SCHEMA)
    const schema = status === 503 && unwell !== undefined ? Type.Union([unwell, error]) : error
    const content = { [JSON_TYPE]: { schema, examples: Object.fromEntries(examples) } }
    return [status, { description: ofStatus.join(', '), content }]
  })
  return Object.fromEntries(schemas)
}
