import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'

/** A folder that the first test file of a run that wants it fills; the others find it filled, and leave it so. */
export async function onceARun(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const filled = join(inject('folderOfTheRun'), name)
  if (existsSync(filled)) return filled
  const folder = await mkdtemp(join(inject('folderOfTheRun'), 'filling-'))
  await fill(folder)
  // Another file may have been quicker; there is no difference.
  await rename(folder, filled).catch(() => rm(folder, { recursive: true }))
  return filled
}
