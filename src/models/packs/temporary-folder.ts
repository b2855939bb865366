import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { modelsFolder } from './pack-name.ts'

/** A pack's name cannot begin like this. */
const PREFIX = '.temporary-'
/** What a killed process left behind goes after this long; no download or conversion takes it. */
const LEFTOVER_AGE_MS = 24 * 60 * 60 * 1000

/** Gives `act` a new folder on the same disk as the packs; what it leaves in there is removed, come what may. */
export async function inTemporaryFolder<T>(dataDir: string, act: (folder: string) => Promise<T>): Promise<T> {
  const parent = modelsFolder(dataDir)
  await mkdir(parent, { recursive: true })
  await removeLeftovers(parent)
  const folder = path.join(parent, `${PREFIX}${randomBytes(8).toString('hex')}`)
  await mkdir(folder)
  try {
    return await act(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue
    const leftover = path.join(parent, name)
    // Another process may remove it between the two calls.
    const changedAt = await stat(leftover).then(
      (status) => status.mtimeMs,
      () => Number.POSITIVE_INFINITY,
    )
    if (Date.now() - changedAt > LEFTOVER_AGE_MS) await rm(leftover, { recursive: true, force: true })
  }
}
