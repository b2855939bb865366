import type { Actor } from '../domain/account.ts'
import type { AuditRecords } from '../domain/audit-records.ts'
import type { GalleryUpkeep, GalleryVerdict } from '../domain/gallery.ts'
import { oneAtATime } from './one-at-a-time.ts'

export interface GalleryKeeping {
  readonly upkeep: GalleryUpkeep
  readonly audit: AuditRecords
}

/** Looks after the gallery while it serves, one thing at a time. */
export function galleryKeeper({ upkeep, audit }: GalleryKeeping) {
  const alone = oneAtATime()
  return {
    /** Compares it with the records, row for row. */
    verify: (): Promise<GalleryVerdict> => alone(() => upkeep.verify()),

    /** Puts right what differs from the records; answers how many templates did. */
    rebuild: (actor: Actor): Promise<number> =>
      alone(async () => {
        const corrected = await upkeep.rebuild()
        await audit.append('gallery-rebuild', 'gallery', { corrected }, actor)
        return corrected
      }),

    /** Writes it to disk, so that the next start is quick; its bytes, or null where none are kept. */
    snapshot: (): Promise<number | null> => alone(() => upkeep.snapshot()),
  }
}

export type KeepGallery = ReturnType<typeof galleryKeeper>
