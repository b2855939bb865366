import { open, rename } from 'node:fs/promises'
import path from 'node:path'
import type { PackManifest } from '../../domain/pack.ts'
import { MANIFEST_FILE } from './manifest.ts'
import { sha256Hex } from './pack-file.ts'
import { modelsFolder, packFolder } from './pack-name.ts'
import { inTemporaryFolder } from './temporary-folder.ts'

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
  await inTemporaryFolder(dataDir, async (temporary) => {
    for (const { name, bytes } of content.files) await writeDurably(path.join(temporary, name), bytes)
    const text = `${JSON.stringify(manifest, null, 2)}\n`
    await writeDurably(path.join(temporary, MANIFEST_FILE), new TextEncoder().encode(text))
    while (!(await takesName(temporary, target))) {
      if ((await onOccupied()) === 'keep') return
      await moveAside(dataDir, target)
    }
    await syncFolder(modelsFolder(dataDir))
  })
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
  return inTemporaryFolder(dataDir, async (temporary) => {
    try {
      await rename(target, path.join(temporary, 'replaced'))
      return true
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false
      throw error
    }
  })
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

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
