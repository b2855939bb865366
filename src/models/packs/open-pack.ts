import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { isRefusal, Refusal } from '../../domain/errors.ts'
import type { ListedPack, OpenPack, PackFile, PackManifest } from '../../domain/pack.ts'
import { createOnnxCodec } from '../onnx/codec.ts'
import { checkSelfContained } from '../onnx/self-contained.ts'
import { MANIFEST_FILE, parseManifest } from './manifest.ts'
import { readBoundedFile, sha256Hex } from './pack-file.ts'
import { modelsFolder, packFolder } from './pack-name.ts'

const MANIFEST_BYTES_MAX = 64 * 1024

/**
 * Reads a pack and verifies every file of it: size, SHA-256, and that the graph reads nothing outside itself.
 * @throws Refusal `model-refused` naming the pack and the file
 */
export async function openPack(dataDir: string, name: string): Promise<OpenPack> {
  const folder = packFolder(dataDir, name)
  const manifest = await readManifest(dataDir, name)
  const codec = createOnnxCodec()
  for (const file of manifest.files) {
    await inFile(name, file.name, async () => {
      const bytes = await readVerified(folder, file)
      if (file.name.endsWith('.onnx')) checkSelfContained(codec.decode(bytes))
    })
  }
  return { manifest, folder }
}

/** @throws Refusal `model-refused` where there is no such pack or its manifest is not as it must be */
export async function readManifest(dataDir: string, name: string): Promise<PackManifest> {
  const file = path.join(packFolder(dataDir, name), MANIFEST_FILE)
  const text = await inFile(name, MANIFEST_FILE, () => readBoundedFile(file, MANIFEST_BYTES_MAX))
  return parseManifest(text.toString('utf8'), name)
}

/** The manifests of all packs there are, by name; those that cannot be read come with the reason. */
export async function listPacks(dataDir: string): Promise<readonly ListedPack[]> {
  const entries = await readdir(modelsFolder(dataDir), { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  return Promise.all(
    names.sort().map((name) =>
      readManifest(dataDir, name).catch((error: unknown) => {
        if (isRefusal(error)) return { name, refusal: error }
        throw error
      }),
    ),
  )
}

async function readVerified(folder: string, file: PackFile): Promise<Buffer> {
  const bytes = await readBoundedFile(path.join(folder, file.name))
  if (bytes.byteLength !== file.bytes) {
    throw new Refusal('model-refused', { reason: `has ${bytes.byteLength} bytes, not ${file.bytes}` })
  }
  if (sha256Hex(bytes) !== file.sha256) throw new Refusal('model-refused', { reason: 'is not the file that was added' })
  return bytes
}

/** Adds the pack's and the file's name to what is refused inside. */
async function inFile<T>(pack: string, file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (isRefusal(error, 'model-refused')) {
      throw new Refusal('model-refused', { pack, file, ...error.details }, { cause: error })
    }
    throw error
  }
}
