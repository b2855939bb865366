import type { Actor } from './account.ts'
import type { Page, Paged } from './paging.ts'

/** What audit rows may say was done. */
export const AUDIT_ACTIONS = [
  'enrol',
  'edit-person',
  'edit-image',
  'merge-people',
  'split-person',
  'remove-image',
  'remove-person',
  'reset',
  'score-climb',
  'export',
  'model-change',
  'gallery-rebuild',
  'sign-in',
  'sign-out',
  'account-create',
  'account-role',
  'account-disable',
  'account-enable',
  'account-forgive',
  'account-remove',
  'account-end-sessions',
  'password-change',
  'password-upgrade',
  'restore',
  'key-change',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

export interface AuditRow {
  readonly id: number
  readonly at: Date
  readonly username: string | null
  readonly action: string
  readonly target: string | null
  readonly address: string | null
  readonly requestId: string | null
  readonly outcome: 'done' | 'refused'
  /** Empty where the person concerned was erased since. */
  readonly details: Readonly<Record<string, unknown>>
}

export interface AuditFilter {
  readonly username?: string
  readonly action?: string
  /** Not before. */
  readonly from?: Date
  /** Before. */
  readonly to?: Date
}

/** What checking the chain of hashes found; the chain is whole without faults. */
export interface AuditVerdict {
  readonly rows: number
  /** Of the newest row, to be noted elsewhere; null for an empty log. */
  readonly headHash: string | null
  readonly faults: readonly { readonly id: number; readonly problem: 'missing' | 'changed' | 'erased-without-cause' }[]
}

export interface AuditRecords {
  /** Newest first. */
  list(filter: AuditFilter, page: Page): Promise<Paged<AuditRow>>
  /** Every row, oldest first, in pages. */
  all(filter: AuditFilter): AsyncIterable<readonly AuditRow[]>
  /** Notes what no other port notes: an export, a change of model. */
  append(
    action: AuditAction,
    target: string | null,
    details: Readonly<Record<string, unknown>>,
    actor: Actor,
  ): Promise<void>
  verify(): Promise<AuditVerdict>
}
