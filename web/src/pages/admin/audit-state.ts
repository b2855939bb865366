import type { AuditFilter } from '../../api/administration.ts'
import type { Params } from '../../routing/route.ts'

/** What the log shows: it stands in the address, so that reloading and going back keep it. */
export interface AuditState extends AuditFilter {
  readonly page: number
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

export function readAuditState(params: URLSearchParams): AuditState {
  const day = (name: string) => {
    const text = params.get(name) ?? ''
    return DAY.test(text) ? text : ''
  }
  const page = Number(params.get('page') ?? 1)
  return {
    username: params.get('who') ?? '',
    action: params.get('action') ?? '',
    from: day('from'),
    to: day('to'),
    page: Number.isInteger(page) && page >= 1 && page < 2 ** 31 ? page : 1,
  }
}

export function auditParams({ username, action, from, to, page }: AuditState): Params {
  return { who: username, action, from, to, page: page === 1 ? undefined : page }
}
