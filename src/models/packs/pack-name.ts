import path from 'node:path'
import { Refusal } from '../../domain/errors.ts'

const PACK_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/

/**
 * Where a pack of that name lies.
 * @throws Refusal `model-refused` where the name could leave the models' folder or be mistaken for a temporary one
 */
export function packFolder(dataDir: string, name: string): string {
  if (!PACK_NAME.test(name)) {
    const reason = 'a pack is named with lower-case letters, digits, dots, hyphens and underscores, at most 63'
    throw new Refusal('model-refused', { pack: name.slice(0, 80), reason })
  }
  return path.join(modelsFolder(dataDir), name)
}

export function modelsFolder(dataDir: string): string {
  return path.resolve(dataDir, 'models')
}
