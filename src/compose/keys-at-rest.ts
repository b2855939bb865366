import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/settings.ts'
import { ServerMisconfigured } from '../domain/errors.ts'
import { fixedKeyRing, type KeyRing, keyFileRing } from '../encryption/key-ring.ts'

export const SNAPSHOT_FOLDER = 'gallery'

/** The keys of templates and crops; null where they are stored readable. @throws ServerMisconfigured */
export function keysAtRest({ encryptionKeyFile, encryptionKey }: Config): KeyRing | null {
  if (encryptionKeyFile !== '' && encryptionKey !== '')
    throw new ServerMisconfigured('ENCRYPTION_KEY_FILE and ENCRYPTION_KEY are both set: set one of them.')
  if (encryptionKeyFile !== '') return keyFileRing(encryptionKeyFile)
  return encryptionKey === '' ? null : fixedKeyRing(encryptionKey, 'ENCRYPTION_KEY')
}

/**
 * Where the gallery keeps snapshots; null where templates are encrypted: a snapshot would hold them readable, so there
 * is none, and those from before are removed.
 */
export function snapshotFolder(config: Config): string | null {
  const folder = join(config.dataDir, SNAPSHOT_FOLDER)
  if (keysAtRest(config) === null) return folder
  rmSync(folder, { recursive: true, force: true })
  return null
}
