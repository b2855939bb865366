import type { ValueSeal } from '../../domain/encryption.ts'
import { ChangesGone } from '../../domain/errors.ts'
import type { GalleryChange } from '../../domain/gallery.ts'
import type { TemplateLog } from '../../domain/records.ts'
import type { Database } from '../database.ts'
import type { DamageReport } from '../template-damage.ts'
import { decodeTemplate } from '../template-row.ts'

const PRUNED_PER_STATEMENT = 10_000
/**
 * A page is no larger than a hundredth of what was read before it, or this: V8 moves what a large page holds to where it
 * seldom looks. Ten thousand templates of 512 values in pages of 2,000 left 20 MB of the heap behind.
 */
const FIRST_PAGE = 100
const READ_PER_PAGE_SIZE = 100

type Statements = Pick<Database, 'read' | 'write' | 'seal'>

/**
 * What galleries are built from and kept in step by. Revisions are gap-free and in the order of commits, so whoever
 * has applied revision r has seen every change up to r.
 */
export function templateLog(database: Statements, reportDamage: DamageReport): TemplateLog {
  const ledger = () =>
    database.read((db) =>
      db.selectFrom('ledger').select(['revision', 'history']).where('id', '=', 1).executeTakeFirstOrThrow(),
    )

  return {
    async revision() {
      return (await ledger()).revision
    },

    async history() {
      return (await ledger()).history
    },

    async *templates(modelId, pageSizeMax) {
      for (let after = 0, read = 0; ; ) {
        const pageSize = Math.min(pageSizeMax, Math.max(FIRST_PAGE, Math.floor(read / READ_PER_PAGE_SIZE)))
        const rows = await database.read((db) =>
          db
            .selectFrom('template')
            .innerJoin('image', 'image.image_id', 'template.image_id')
            .select(['template.image_id', 'image.class_id', 'template.vector', 'template.checksum', 'template.key_id'])
            .where('template.image_id', '>', after)
            .where('template.model_id', '=', modelId)
            .orderBy('template.image_id')
            .limit(pageSize)
            .execute(),
        )
        const page: { imageId: number; classId: number; template: Float32Array }[] = []
        for (const { image_id, class_id, vector, checksum, key_id } of rows) {
          const template = decodeTemplate(database.seal, { image_id, model_id: modelId, vector, checksum, key_id })
          if (template === null) reportDamage(image_id, modelId)
          else page.push({ imageId: image_id, classId: class_id, template })
        }
        if (page.length > 0) yield page
        const last = rows[rows.length - 1]
        if (last === undefined || rows.length < pageSize) return
        after = last.image_id
        read += rows.length
      }
    },

    async changesAfter(revision, modelId, limit) {
      let rows = await changeRows(database, revision, modelId, limit)
      if (rows.length === 0) {
        const newest = (await ledger()).revision
        if (newest === revision) return []
        // Changes that came since the first look are there at the second one; those that were pruned are not.
        rows = await changeRows(database, revision, modelId, limit)
      }
      if (rows[0]?.revision !== revision + 1)
        throw new ChangesGone(`The change log does not continue revision ${revision}`)
      return rows.map((row) => readChange(database.seal, row, modelId, reportDamage))
    },

    counts: (modelId) =>
      database.read(async (db) => {
        const images = await db
          .selectFrom('image')
          .select((of) => [of.fn.countAll<number>().as('images'), of.fn.count<number>('label').distinct().as('labels')])
          .executeTakeFirstOrThrow()
        const people = await db
          .selectFrom('nguoi')
          .select((of) => of.fn.countAll<number>().as('people'))
          .executeTakeFirstOrThrow()
        const templates = await db
          .selectFrom('template')
          .select((of) => of.fn.countAll<number>().as('templates'))
          .where('model_id', '=', modelId)
          .executeTakeFirstOrThrow()
        return { ...images, ...people, ...templates }
      }),

    async pruneChanges(keep) {
      const upTo = (await ledger()).revision - keep
      let pruned = 0
      for (;;) {
        const { first } = await database.read((db) =>
          db
            .selectFrom('change_log')
            .select((of) => of.fn.min('revision').as('first'))
            .executeTakeFirstOrThrow(),
        )
        if (first === null || first > upTo) return pruned
        const { numDeletedRows } = await database.write((tx) =>
          tx
            .deleteFrom('change_log')
            .where('revision', '<=', Math.min(upTo, first + PRUNED_PER_STATEMENT - 1))
            .executeTakeFirstOrThrow(),
        )
        pruned += Number(numDeletedRows)
      }
    },
  }
}

interface ChangeRow {
  readonly revision: number
  readonly kind: string
  readonly image_id: number | null
  readonly class_id: number | null
  readonly class_now: number | null
  readonly vector: Buffer | null
  readonly checksum: number | null
  readonly key_id: string | null
}

function changeRows(database: Statements, revision: number, modelId: string, limit: number): Promise<ChangeRow[]> {
  return database.read((db) =>
    db
      .selectFrom('change_log')
      .leftJoin('image', 'image.image_id', 'change_log.image_id')
      .leftJoin('template', (join) =>
        join.onRef('template.image_id', '=', 'change_log.image_id').on('template.model_id', '=', modelId),
      )
      .select([
        'change_log.revision',
        'change_log.kind',
        'change_log.image_id',
        'change_log.class_id',
        'image.class_id as class_now',
        'template.vector',
        'template.checksum',
        'template.key_id',
      ])
      .where('change_log.revision', '>', revision)
      .orderBy('change_log.revision')
      .limit(limit)
      .execute(),
  )
}

/** An image that has no sound template any more is removed; a later change says the same again. */
function readChange(
  seal: ValueSeal | null,
  row: ChangeRow,
  modelId: string,
  reportDamage: DamageReport,
): GalleryChange {
  const { revision, kind, image_id: imageId, class_id: classId, class_now: classNow, vector, checksum, key_id } = row
  if (kind === 'clear') return { revision, kind }
  if (kind === 'remove-person' && classId !== null) return { revision, kind, classId }
  if (imageId === null) return { revision, kind: 'none' }
  if (kind === 'put' && classNow !== null && vector !== null && checksum !== null) {
    const template = decodeTemplate(seal, { image_id: imageId, model_id: modelId, vector, checksum, key_id })
    if (template !== null) return { revision, kind, imageId, classId: classNow, template }
    reportDamage(imageId, modelId)
  }
  return { revision, kind: 'remove', imageId }
}
