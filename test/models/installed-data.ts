import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStages } from '../../src/extraction/stages.ts'
import { installDefaultPack } from '../../src/models/default-pack/default-pack.ts'
import { setupOf } from '../extraction/setup-of.ts'
import { onceARun } from './once-a-run.ts'

/**
 * A new data directory with the default pack, as a start leaves it that converted the models; how that goes is for other
 * tests.
 */
export async function installedData(prefix: string): Promise<string> {
  const installed = await onceARun('default-pack', async (folder) => {
    // Opening writes what the runtime makes of the models, too.
    await (await openStages(setupOf(await installDefaultPack(folder)))).release()
  })
  const dataDir = await mkdtemp(join(tmpdir(), prefix))
  await cp(join(installed, 'models'), join(dataDir, 'models'), { recursive: true })
  return dataDir
}
