import type { AccountAnswer, AccountsAnswer } from '../../../src/http/wire/account.ts'
import type {
  ModelsAnswer,
  RebuildGalleryAnswer,
  SnapshotGalleryAnswer,
  VerifyGalleryAnswer,
} from '../../../src/http/wire/administration.ts'
import type { ResetAnswer } from '../../../src/http/wire/change.ts'
import type { AuditAnswer } from '../../../src/http/wire/listing.ts'
import type { IndexStatusAnswer, VectorInfoAnswer } from '../../../src/http/wire/system.ts'
import { asRole, type Role } from '../session/stored-session.ts'
import { call, callForBlob } from './call.ts'
import { listPeople } from './people.ts'

export interface Account {
  readonly username: string
  readonly role: Role | null
  /** By an administrator. */
  readonly locked: boolean
  /** After failed sign-ins. */
  readonly lockedUntil: string | null
}

function accountOf({ username, role, locked, locked_until }: AccountAnswer['account']): Account {
  return { username, role: asRole(role), locked, lockedUntil: locked_until }
}

export async function accounts(): Promise<readonly Account[]> {
  return (await call<AccountsAnswer>('/accounts')).accounts.map(accountOf)
}

/** @throws ApiError `username-taken`, `password-unfit` */
export async function makeAccount(account: { username: string; password: string; role: Role }): Promise<void> {
  await call('/auth/register', { body: account })
}

/** @throws ApiError `last-admin`, `password-unfit` */
export async function changeAccount(
  username: string,
  changes: { readonly role?: Role; readonly locked?: boolean; readonly password?: string },
): Promise<Account> {
  const path = `/accounts/${encodeURIComponent(username)}`
  return accountOf((await call<AccountAnswer>(path, { method: 'PATCH', body: changes })).account)
}

/** @throws ApiError `last-admin` */
export async function removeAccount(username: string): Promise<void> {
  await call(`/accounts/${encodeURIComponent(username)}`, { method: 'DELETE' })
}

export type AuditRow = AuditAnswer['results'][number]

/** Empty texts filter nothing; days are ISO dates. */
export interface AuditFilter {
  readonly username: string
  readonly action: string
  readonly from: string
  /** The last day that is shown. */
  readonly to: string
}

export interface AuditPage {
  readonly rows: readonly AuditRow[]
  readonly total: number
  readonly pages: number
}

/** Newest first. */
export async function auditLog(filter: AuditFilter, page: number, pageSize: number): Promise<AuditPage> {
  const query = { ...filterQuery(filter), page, page_size: pageSize }
  const { results, total, total_pages } = await call<AuditAnswer>('/audit_logs', { query })
  return { rows: results, total, pages: total_pages }
}

export async function auditFile(filter: AuditFilter, format: 'csv' | 'jsonl'): Promise<Blob> {
  return await callForBlob('/audit_logs/export', { query: { ...filterQuery(filter), format } })
}

/** Days begin and end where the reader is, not in Greenwich. */
function filterQuery({ username, action, from, to }: AuditFilter) {
  const instant = (day: string, daysLater: number) => {
    const date = new Date(`${day}T00:00:00`)
    date.setDate(date.getDate() + daysLater)
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
  }
  return {
    username: username || undefined,
    action: action || undefined,
    from: from === '' ? undefined : instant(from, 0),
    to: to === '' ? undefined : instant(to, 1),
  }
}

export type Models = ModelsAnswer

export async function models(): Promise<Models> {
  return await call<ModelsAnswer>('/models')
}

export interface GalleryState {
  readonly templates: number
  readonly people: number
  readonly pending: number
  readonly healthy: boolean
  readonly engine: string
  readonly model: string
  readonly dimension: number
  readonly memoryBytes: number
  readonly snapshotBytes: number
  readonly revision: number
}

export async function galleryState(): Promise<GalleryState> {
  const [status, info] = await Promise.all([
    call<IndexStatusAnswer>('/index_status'),
    call<VectorInfoAnswer>('/vector_info'),
  ])
  return {
    templates: status.num_vectors,
    people: status.num_unique_class_ids,
    pending: status.pending_changes,
    healthy: status.status === 'healthy',
    engine: info.index_type,
    model: info.model,
    dimension: info.dimension,
    memoryBytes: info.memory_bytes,
    snapshotBytes: info.snapshot_bytes,
    revision: status.revision,
  }
}

export async function verifyGallery(): Promise<{ readonly compared: number; readonly different: number }> {
  const { compared, different } = await call<VerifyGalleryAnswer>('/gallery/verify', { method: 'POST' })
  return { compared, different }
}

/** How many templates were put right. */
export async function rebuildGallery(): Promise<number> {
  return (await call<RebuildGalleryAnswer>('/gallery/rebuild', { method: 'POST' })).corrected
}

/** Bytes on disk; null where none are kept. */
export async function snapshotGallery(): Promise<number | null> {
  return (await call<SnapshotGalleryAnswer>('/gallery/snapshot', { method: 'POST' })).bytes
}

/** How much there is to be removed. */
export async function dataHeld(): Promise<{ readonly people: number; readonly photos: number }> {
  const [status, { total }] = await Promise.all([
    call<IndexStatusAnswer>('/index_status'),
    listPeople({ words: '', page: 1, pageSize: 1, order: 'class_id_asc' }),
  ])
  return { people: total, photos: status.num_image_ids }
}

export interface Reset {
  readonly images: number
  readonly people: number
  /** Name of the file that was written before. */
  readonly backup: string
}

export async function resetEverything(scope: 'images' | 'all'): Promise<Reset> {
  const { images_deleted, people_deleted, backup } = await call<ResetAnswer>('/reset_index', {
    body: { scope, confirm: true },
  })
  return { images: images_deleted, people: people_deleted, backup }
}
