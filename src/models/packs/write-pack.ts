import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { PackManifest } from '../../domain/pack.ts'
import { MANIFEST_FILE } from './manifest.ts'
import { sha256Hex } from './pack-file.ts'
import { modelsFolder, packFolder } from './pack-name.ts'

/** Folders that a killed process left behind are removed by the next one after this long. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000
const TEMPORARY_PREFIX = '.new-'
const REPLACED_PREFIX = '.old-'

export interface PackContent {
  readonly manifest: Omit<PackManifest, 'files' | 'format'>
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

/**
 * Writes a pack whole or not at all: everything goes to a new folder and onto the disk, then the folder takes the
 * pack's name.
 * @param onOccupied asked when a pack of that name is there, perhaps since a moment ago and from another process:
 *   whether it stays and this one is dropped, or the other way round; it may throw to refuse
 */
export async function writePack(
  dataDir: string,
  content: PackContent,
  onOccupied: () => Promise<'keep' | 'replace'>,
): Promise<void> {
  const target = packFolder(dataDir, content.manifest.name)
  const files = content.files.map(({ name, bytes }) => ({ name, bytes: bytes.byteLength, sha256: sha256Hex(bytes) }))
  const manifest: PackManifest = { format: 1, ...content.manifest, files }
  await mkdir(modelsFolder(dataDir), { recursive: true })
  await removeLeftovers(dataDir)
  const temporary = temporaryFolder(dataDir, TEMPORARY_PREFIX)
  await mkdir(temporary)
  try {
    for (const { name, bytes } of content.files) await writeDurably(path.join(temporary, name), bytes)
    const text = `${JSON.stringify(manifest, null, 2)}\n`
    await writeDurably(path.join(temporary, MANIFEST_FILE), new TextEncoder().encode(text))
    while (!(await takesName(temporary, target))) {
      if ((await onOccupied()) === 'keep') return
      await moveAside(dataDir, target)
    }
    await syncFolder(modelsFolder(dataDir))
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

async function takesName(folder: string, target: string): Promise<boolean> {
  try {
    await rename(folder, target)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false
    throw error
  }
}

/** @returns whether there was one */
export async function removePack(dataDir: string, name: string): Promise<boolean> {
  return moveAside(dataDir, packFolder(dataDir, name))
}

/** Takes a pack's name away from its folder in one step, then removes the folder. */
async function moveAside(dataDir: string, target: string): Promise<boolean> {
  const aside = temporaryFolder(dataDir, REPLACED_PREFIX)
  const moved = await rename(target, aside).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false
      throw error
    },
  )
  await rm(aside, { recursive: true, force: true })
  return moved
}

function temporaryFolder(dataDir: string, prefix: string): string {
  return path.join(modelsFolder(dataDir), `${prefix}${randomBytes(8).toString('hex')}`)
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function removeLeftovers(dataDir: string): Promise<void> {
  for (const name of await readdir(modelsFolder(dataDir))) {
    if (!name.startsWith(TEMPORARY_PREFIX) && !name.startsWith(REPLACED_PREFIX)) continue
    const leftover = path.join(modelsFolder(dataDir), name)
    const changedAt = await stat(leftover).then(
      (status) => status.mtimeMs,
      () => Date.now(),
    )
    if (Date.now() - changedAt > LEFTOVER_AGE_MS) await rm(leftover, { recursive: true, force: true })
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
