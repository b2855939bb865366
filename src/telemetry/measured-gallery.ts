import type { Gallery } from '../domain/gallery.ts'

/** The gallery, with a witness of how long searches take. */
export function measuredGallery(gallery: Gallery, searched: (ms: number) => void): Gallery {
  return {
    apply: (change) => gallery.apply(change),
    status: () => gallery.status(),
    close: () => gallery.close(),
    async search(probe, wish) {
      const startedMs = performance.now()
      const candidates = await gallery.search(probe, wish)
      searched(performance.now() - startedMs)
      return candidates
    },
  }
}
