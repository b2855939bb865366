import type { Gallery, GalleryStatus } from '../domain/gallery.ts'
import type { PackIdentity } from '../domain/pack.ts'
import type { TemplateLog } from '../domain/records.ts'

export interface IndexReport {
  readonly gallery: GalleryStatus
  readonly stored: {
    readonly images: number
    readonly people: number
    readonly templates: number
    readonly labels: number
  }
  /** Revisions that are committed but not yet visible here. */
  readonly pendingChanges: number
  /** Whether the index and the database hold different numbers of templates as of the same revision. */
  readonly isDifferent: boolean
  readonly pack: PackIdentity
}

/** What the live index and the records say of each other. */
export function indexReporter(
  templates: Pick<TemplateLog, 'revision' | 'counts'>,
  gallery: Pick<Gallery, 'status'>,
  pack: PackIdentity,
) {
  return async function index(): Promise<IndexReport> {
    const before = await templates.revision()
    const stored = await templates.counts(pack.modelId)
    const status = gallery.status()
    const after = await templates.revision()
    // While others write, the two are counted at different times.
    const isComparable = before === status.revision && after === status.revision
    return {
      ...{ gallery: status, stored, pack },
      pendingChanges: Math.max(0, after - status.revision),
      isDifferent: isComparable && status.templates !== stored.templates,
    }
  }
}
