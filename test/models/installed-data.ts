import { existsSync } from 'node:fs'
import { cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { openStages } from '../../src/extraction/stages.ts'
import { installDefaultPack } from '../../src/models/default-pack/default-pack.ts'
import { setupOf } from '../extraction/setup-of.ts'

/**
 * A new data directory with the default pack, as a start leaves it that converted the models. The first test file of a
 * run that wants one converts them; how that goes is for other tests.
 */
export async function installedData(prefix: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), prefix))
  await cp(join(await installedOnce(), 'models'), join(dataDir, 'models'), { recursive: true })
  return dataDir
}

async function installedOnce(): Promise<string> {
  const installed = join(inject('folderOfTheRun'), 'default-pack')
  if (existsSync(installed)) return installed
  const dataDir = await mkdtemp(join(inject('folderOfTheRun'), 'installing-'))
  // Opening writes what the runtime makes of the models, too.
  await (await openStages(setupOf(await installDefaultPack(dataDir)))).release()
  // Another file may have been quicker; there is no difference.
  await rename(dataDir, installed).catch(() => rm(dataDir, { recursive: true }))
  return installed
}
