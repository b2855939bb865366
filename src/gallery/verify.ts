import type { GalleryDifference, GalleryVerdict } from '../domain/gallery.ts'
import type { TemplateLog } from '../domain/records.ts'
import type { GalleryEngine } from './engine.ts'
import { isSame, TEMPLATES_PER_PAGE } from './sweep.ts'

/** Rounds after which what still differs is held to differ; each begins with everything committed before it. */
const ROUNDS = 3

/**
 * Compares a gallery with the records row for row, bit for bit. While others write, a page may be older or newer than
 * the gallery: only what differs in every round, each after catching up, differs.
 */
export async function verifyGallery(
  engine: GalleryEngine,
  log: TemplateLog,
  modelId: string,
  catchUp: () => Promise<void>,
): Promise<GalleryVerdict> {
  let verdict = await compare(engine, log, modelId, catchUp)
  for (let round = 1; round < ROUNDS && verdict.differences.length > 0; round++) {
    const again = await compare(engine, log, modelId, catchUp)
    const before = new Set(verdict.differences.map(({ imageId }) => imageId))
    verdict = { ...again, differences: again.differences.filter(({ imageId }) => before.has(imageId)) }
  }
  return verdict
}

async function compare(
  engine: GalleryEngine,
  log: TemplateLog,
  modelId: string,
  catchUp: () => Promise<void>,
): Promise<GalleryVerdict> {
  await catchUp()
  const unseen = new Set(engine.imageIds())
  const differences: GalleryDifference[] = []
  let compared = 0
  for await (const page of log.templates(modelId, TEMPLATES_PER_PAGE)) {
    compared += page.length
    for (const entry of page) {
      const { imageId } = entry
      if (!unseen.delete(imageId)) differences.push({ imageId, problem: 'missing' })
      else if (!isSame(engine.entry(imageId), entry)) differences.push({ imageId, problem: 'different' })
    }
  }
  for (const imageId of unseen) differences.push({ imageId, problem: 'unknown' })
  return { compared, differences }
}
