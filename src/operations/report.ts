import type { Clock } from '../domain/clock.ts'
import { isRefusal } from '../domain/errors.ts'
import type { FaceExtractor } from '../domain/extractor.ts'
import type { Gallery, GalleryStatus } from '../domain/gallery.ts'
import type { PackIdentity } from '../domain/pack.ts'
import type { Records } from '../domain/records.ts'

export interface ReportParts {
  readonly records: Records
  readonly gallery: Gallery
  readonly extractor: FaceExtractor
  readonly clock: Clock
  /** True until everything is loaded, and again from the moment a shutdown began. */
  readonly closed: () => boolean
}

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
  readonly pack: PackIdentity
}

export interface Readiness {
  readonly ready: boolean
  /** What is unusable. */
  readonly failing: readonly ('database' | 'models' | 'index' | 'draining')[]
}

/** How the server is. */
export function reporter({ records, gallery, extractor, closed }: ReportParts) {
  return {
    /** The pack that templates are made and compared with. */
    pack: extractor.pack,

    async index(): Promise<IndexReport> {
      const stored = await records.templates.counts(extractor.pack.modelId)
      const status = gallery.status()
      const pendingChanges = Math.max(0, (await records.templates.revision()) - status.revision)
      return { gallery: status, stored, pendingChanges, pack: extractor.pack }
    },

    async readiness(): Promise<Readiness> {
      const failing: Readiness['failing'][number][] = []
      if (closed()) failing.push('draining')
      if (extractor.status().workers === 0) failing.push('models')
      try {
        await records.ping()
      } catch (error) {
        if (!isRefusal(error, 'not-ready')) throw error
        failing.push('database')
      }
      return { ready: failing.length === 0, failing }
    },
  }
}

export type Report = ReturnType<typeof reporter>
