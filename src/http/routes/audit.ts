import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { AuditFilter } from '../../domain/audit-records.ts'
import { actorOf } from '../authenticate.ts'
import { describe } from '../describe.ts'
import type { Form } from '../form.ts'
import { queryForm } from '../read-form.ts'
import { actionOf } from '../wire/audit-action.ts'
import { auditLines, EXPORT_TYPES } from '../wire/audit-export.ts'
import { AUDIT_ACTION, AUDIT_FORMAT, AUDIT_FROM, AUDIT_TO, AUDIT_USERNAME, PAGING, readPage } from '../wire/fields.ts'
import { AuditAnswer, auditAnswer } from '../wire/listing.ts'
import { PATHS } from '../wire/paths.ts'
import type { RouteContext } from './context.ts'

const FILTER = [AUDIT_USERNAME, AUDIT_ACTION, AUDIT_FROM, AUDIT_TO]

/** The audit log: to read, and to take away. */
export function auditRoutes(app: FastifyInstance, { operations: { audit } }: RouteContext): void {
  app.get(
    PATHS.audit,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'listAudit',
        tag: 'Lists',
        summary: 'Who did what to whom, when and from where',
        access: 'admin',
        query: [...FILTER, ...PAGING],
        answer: AuditAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<AuditAnswer> => {
      const form = queryForm(request)
      const page = readPage(form)
      return auditAnswer(await audit.list(readFilter(form), page), page)
    },
  )

  app.get(
    PATHS.auditExport,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'exportAudit',
        tag: 'Lists',
        summary: 'The audit log as a file, oldest first',
        description: 'CSV, or one JSON object a line. The export is itself noted in the log.',
        access: 'admin',
        query: [...FILTER, AUDIT_FORMAT],
        answer: 'text/csv',
        refusals: [],
      }),
    },
    async (request, reply) => {
      const form = queryForm(request)
      const filter = readFilter(form)
      const format = form.optional(AUDIT_FORMAT) ?? 'csv'
      // Before the first line is out: what was begun to be taken away was taken away.
      await audit.append('export', 'audit', { format }, actorOf(request))
      const lines = auditLines(audit.all(filter), format)
      return await reply
        .type(EXPORT_TYPES[format])
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .send(Readable.from(lines))
    },
  )
}

function readFilter(form: Form): AuditFilter {
  const username = form.optional(AUDIT_USERNAME)
  const action = form.optional(AUDIT_ACTION)
  const from = form.optional(AUDIT_FROM)
  const to = form.optional(AUDIT_TO)
  return {
    ...(username === undefined ? {} : { username }),
    ...(action === undefined ? {} : { action: actionOf(action) }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
}
