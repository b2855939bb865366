import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Config } from '../config/settings.ts'
import { ServerMisconfigured } from '../domain/errors.ts'
import type { OpenPack } from '../domain/pack.ts'
import { DEFAULT_PACK_NAME, installDefaultPack } from '../models/default-pack/default-pack.ts'
import { openPack } from '../models/packs/open-pack.ts'

/** The pack that the configuration names: verified, or converted where it is the default and missing. */
export async function openModels(config: Config, step: (text: string) => void): Promise<OpenPack> {
  const dataDir = await makeDataDir(config)
  if (config.modelPack !== DEFAULT_PACK_NAME) {
    step(`Verifying the model pack ${config.modelPack}`)
    return await openPack(dataDir, config.modelPack)
  }
  step('Preparing the default models')
  return await installDefaultPack(dataDir, (done, total, network) => {
    if (done < total) step(`Converting ${network} (${done + 1} of ${total})`)
  })
}

/** @throws ServerMisconfigured where it can't be made or written to */
export async function makeDataDir(config: Config): Promise<string> {
  const dataDir = resolve(config.dataDir)
  try {
    // Faces and password hashes are nobody else's business on a shared machine.
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ServerMisconfigured(
      `DATA_DIR=${config.dataDir} is of no use: ${reason}. Name a folder that this user may write to.`,
    )
  }
  return dataDir
}
