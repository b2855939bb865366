import type { SelectQueryBuilder } from 'kysely'
import type { AuditFilter, AuditRecords } from '../../domain/audit-records.ts'
import type { Database, Queries } from '../database.ts'
import { enterInLedger } from '../ledger.ts'
import type { AuditTable, Tables } from '../tables.ts'
import { readAuditRow } from './audit-row.ts'
import { verifyChain } from './verify-chain.ts'

const ROWS_PER_PAGE = 1_000

export function auditLog(database: Database): AuditRecords {
  return {
    list: (filter, { page, pageSize }) =>
      database.read(async (db) => {
        const found = filtered(db, filter)
        const { total } = await found.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const rows = await found
          .selectAll()
          .orderBy('audit_id', 'desc')
          .limit(pageSize)
          .offset((page - 1) * pageSize)
          .execute()
        return { rows: rows.map(readAuditRow), total }
      }),

    async *all(filter) {
      for await (const rows of pagesOf(database, filter)) yield rows.map(readAuditRow)
    },

    async append(action, target, details, actor) {
      await database.write((tx) => enterInLedger(tx, database, [], { action, target, details, actor }))
    },

    async verify() {
      const { audit_id } = await database.read((db) =>
        db.selectFrom('ledger').select('audit_id').where('id', '=', 1).executeTakeFirstOrThrow(),
      )
      return verifyChain(pagesOf(database, {}), audit_id)
    },
  }
}

async function* pagesOf(database: Database, filter: AuditFilter): AsyncGenerator<readonly AuditTable[]> {
  for (let after = 0; ; ) {
    const rows = await database.read((db) =>
      filtered(db, filter).selectAll().where('audit_id', '>', after).orderBy('audit_id').limit(ROWS_PER_PAGE).execute(),
    )
    const last = rows[rows.length - 1]
    if (last === undefined) return
    yield rows
    after = last.audit_id
  }
}

type AuditQuery = SelectQueryBuilder<Tables, 'audit', object>

function filtered(db: Queries, { username, action, from, to }: AuditFilter): AuditQuery {
  let query: AuditQuery = db.selectFrom('audit')
  if (username !== undefined) query = query.where('username', '=', username)
  if (action !== undefined) query = query.where('action', '=', action)
  if (from !== undefined) query = query.where('at', '>=', from.getTime())
  if (to !== undefined) query = query.where('at', '<', to.getTime())
  return query
}
