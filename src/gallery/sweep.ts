import { isRefusal } from '../domain/errors.ts'
import type { TemplateLog } from '../domain/records.ts'
import type { GalleryEngine, GalleryEntry, LogLine } from './engine.ts'

/** Templates that are read at once when everything is read. */
export const TEMPLATES_PER_PAGE = 2_000
/** Entries handled before the event loop gets its turn. */
const ENTRIES_PER_TURN = 128

export interface SweepOptions {
  readonly log: TemplateLog
  readonly modelId: string
  readonly say: LogLine
  /** Whether a change that was applied since the sweep began says more of this entry than its page. */
  readonly isSuperseded: (entry: { imageId: number; classId: number | null }) => boolean
}

/**
 * Makes an engine hold what the records hold, page by page: puts what is missing or different, removes what is not
 * there. Searches and changes may go on; follower.ts says what must follow.
 * @returns how many entries were not as in the records
 */
export async function sweep(engine: GalleryEngine, options: SweepOptions): Promise<number> {
  const { log, modelId, say, isSuperseded } = options
  const unseen = new Set(engine.imageIds())
  let corrected = 0
  const turn = turns()
  for await (const page of log.templates(modelId, TEMPLATES_PER_PAGE)) {
    for (const entry of page) {
      await turn()
      if (!unseen.delete(entry.imageId) || !isSame(engine.entry(entry.imageId), entry)) {
        if (isSuperseded(entry)) continue
        corrected++
        putIfFit(engine, entry, say)
      }
    }
  }
  for (const imageId of unseen) {
    await turn()
    if (isSuperseded({ imageId, classId: null })) continue
    corrected++
    engine.remove(imageId)
  }
  return corrected
}

/** Puts an entry; a template that is unfit is left out, with what stood there before, and a line for the log. */
export function putIfFit(engine: GalleryEngine, entry: GalleryEntry, say: LogLine): void {
  try {
    engine.put(entry)
  } catch (error) {
    if (!isRefusal(error, 'template-invalid')) throw error
    say('a stored template is unfit and was left out', { imageId: entry.imageId, reason: error.message })
    engine.remove(entry.imageId)
  }
}

export function isSame(a: GalleryEntry | null, b: GalleryEntry): boolean {
  if (a === null || a.classId !== b.classId || a.template.length !== b.template.length) return false
  return a.template.every((value, i) => Object.is(value, b.template[i]))
}

/** Lets the event loop have its turn now and then. */
function turns(): () => Promise<void> | undefined {
  let count = 0
  return () => {
    count++
    return count % ENTRIES_PER_TURN === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined
  }
}
