import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLine } from './engine.ts'

/** How soon a running server takes notice of a request. */
export const REBUILD_NOTICED_WITHIN_MS = 2_000
const REQUEST = 'rebuild-wanted'

/**
 * Asks whoever serves from a snapshot folder to make its gallery anew: a running server does so while it goes on, one
 * that is started later finds no snapshot and loads from the records.
 */
export function requestRebuild(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.snapshot')) rmSync(join(folder, file), { force: true })
  }
  writeFileSync(join(folder, REQUEST), '')
}

/** Whether there was a request; it is taken away. */
export function takeRebuildRequest(folder: string): boolean {
  const file = join(folder, REQUEST)
  if (!existsSync(file)) return false
  rmSync(file, { force: true })
  return true
}

/**
 * Looks for requests until the function it answers with is called; one rebuild at a time. What cannot be taken away would
 * be asked for again and again: it waits until it can, which is said once.
 */
export function watchRebuildRequests(folder: string, rebuild: () => Promise<void>, say: LogLine): () => void {
  let isBusy = false
  let isStuck = false
  const isTaken = (): boolean => {
    try {
      const taken = takeRebuildRequest(folder)
      isStuck = false
      return taken
    } catch (error) {
      if (!isStuck) say('the gallery waits to be made anew: the request cannot be removed', { reason: String(error) })
      isStuck = true
      return false
    }
  }
  const timer = setInterval(() => {
    if (isBusy || !isTaken()) return
    isBusy = true
    void rebuild().finally(() => {
      isBusy = false
    })
  }, REBUILD_NOTICED_WITHIN_MS)
  timer.unref()
  return () => clearInterval(timer)
}
