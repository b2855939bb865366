import type { GalleryUpkeep } from '../domain/gallery.ts'
import type { TemplateLog } from '../domain/records.ts'
import type { OpenGallery } from './open-gallery.ts'
import { verifyGallery } from './verify.ts'

type Parts = Pick<OpenGallery, 'engine' | 'follower' | 'snapshots' | 'catchUp'>

/** What can be done about a gallery that serves, while it serves. */
export function galleryUpkeep(
  { engine, follower, snapshots, catchUp }: Parts,
  log: TemplateLog,
  modelId: string,
): GalleryUpkeep {
  return {
    verify: () => verifyGallery(engine, log, modelId, () => catchUp()),
    rebuild: () => follower.rebuild(),
    async snapshot() {
      if (snapshots === null) return null
      await snapshots.write()
      return snapshots.bytes
    },
  }
}
