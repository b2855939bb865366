import type { KeyUse, SealProgress, ValueSeal } from '../../domain/encryption.ts'
import { isRefusal } from '../../domain/errors.ts'
import { decodeCrop, encodeCrop } from '../crop-row.ts'
import type { Database, Queries } from '../database.ts'
import { openTemplate, sealTemplate } from '../template-row.ts'

const TEMPLATES_PER_TRANSACTION = 200
const CROPS_PER_TRANSACTION = 50

/** Counted by the index, without reading a row. */
export async function keyUses(database: Database): Promise<readonly KeyUse[]> {
  const uses = new Map<string | null, { keyId: string | null; templates: number; crops: number }>()
  for (const [table, name] of [
    ['template', 'templates'],
    ['crop', 'crops'],
  ] as const) {
    const rows = await database.read((db) =>
      db
        .selectFrom(table)
        .select((of) => ['key_id', of.fn.countAll<number>().as('n')])
        .groupBy('key_id')
        .execute(),
    )
    for (const { key_id: keyId, n } of rows) {
      const use = uses.get(keyId) ?? { keyId, templates: 0, crops: 0 }
      uses.set(keyId, { ...use, [name]: n })
    }
  }
  return [...uses.values()]
}

export interface Resealing {
  /** What rows are opened with: null for readable ones. */
  readonly opens: ValueSeal | null
  /** What they are sealed with: null makes them readable. */
  readonly seals: ValueSeal | null
}

/**
 * Brings rows of all other keys, or (`null` among `from`) readable ones, under the current key or none, in small
 * transactions. A row that somebody changes meanwhile is left to that change.
 */
export async function reseal(
  database: Database,
  from: readonly KeyUse[],
  how: Resealing,
  onProgress: SealProgress,
): Promise<{ resealed: number; unreadable: number }> {
  const total = from.reduce((sum, { templates, crops }) => sum + templates + crops, 0)
  let seen = 0
  let resealed = 0
  for (const { keyId } of from)
    for (const pages of [templatePages(database, keyId, how), cropPages(database, keyId, how)])
      for await (const page of pages) {
        seen += page.seen
        resealed += page.resealed
        onProgress(Math.min(seen, total), total)
      }
  // SQLite's log still holds what was readable.
  await database.read((db) => database.dialect.forgetDeleted(db))
  return { resealed, unreadable: seen - resealed }
}

interface PageDone {
  readonly seen: number
  readonly resealed: number
}

async function* templatePages(database: Database, keyId: string | null, how: Resealing): AsyncGenerator<PageDone> {
  for (let after = { image_id: 0, model_id: '' }; ; ) {
    const { rows, ...done } = await database.write(async (tx) => {
      const page = await tx
        .selectFrom('template')
        .selectAll()
        .where('key_id', keyId === null ? 'is' : '=', keyId)
        // Said so that it is one range of an index: SQLite would sort all that is left for the union of two.
        .where('image_id', '>=', after.image_id)
        .where((row) => row.or([row('image_id', '>', after.image_id), row('model_id', '>', after.model_id)]))
        .orderBy('image_id')
        .orderBy('model_id')
        .limit(TEMPLATES_PER_TRANSACTION)
        .execute()
      let resealed = 0
      for (const row of page) {
        const plain = openedOrNull(() => openTemplate(how.opens, row))
        if (plain === null) continue
        const { vector, checksum, key_id } = sealTemplate(how.seals, row, plain)
        await tx
          .updateTable('template')
          .set({ vector, checksum, key_id })
          .where('image_id', '=', row.image_id)
          .where('model_id', '=', row.model_id)
          .where('checksum', '=', row.checksum)
          .execute()
        resealed++
      }
      return { rows: page, seen: page.length, resealed }
    })
    yield done
    const last = rows.at(-1)
    if (last === undefined || rows.length < TEMPLATES_PER_TRANSACTION) return
    after = last
  }
}

async function* cropPages(database: Database, keyId: string | null, how: Resealing): AsyncGenerator<PageDone> {
  for (let after = 0; ; ) {
    const { rows, ...done } = await database.write(async (tx) => {
      const page = await cropsOf(tx, keyId, after)
      let resealed = 0
      for (const row of page) {
        const plain = openedOrNull(() => decodeCrop(how.opens, row))
        if (plain === null) continue
        const { jpeg, key_id } = encodeCrop(how.seals, row.image_id, plain)
        await tx
          .updateTable('crop')
          .set({ jpeg, key_id })
          .where('image_id', '=', row.image_id)
          .where('jpeg', '=', row.jpeg)
          .execute()
        resealed++
      }
      return { rows: page, seen: page.length, resealed }
    })
    yield done
    const last = rows.at(-1)
    if (last === undefined || rows.length < CROPS_PER_TRANSACTION) return
    after = last.image_id
  }
}

function cropsOf(tx: Queries, keyId: string | null, after: number) {
  return tx
    .selectFrom('crop')
    .selectAll()
    .where('key_id', keyId === null ? 'is' : '=', keyId)
    .where('image_id', '>', after)
    .orderBy('image_id')
    .limit(CROPS_PER_TRANSACTION)
    .execute()
}

/** A row whose key is not there is left alone like one that is damaged. */
function openedOrNull(open: () => Buffer | null): Buffer | null {
  try {
    return open()
  } catch (error) {
    if (isRefusal(error, 'not-ready')) return null
    throw error
  }
}
