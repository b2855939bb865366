import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A new data directory that goes with the test. */
export async function temporaryData(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nhandien-models-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
