import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { openDatabase } from '../compose.ts'
import { openGallery } from '../gallery/open-gallery.ts'
import { REBUILD_NOTICED_WITHIN_MS, requestRebuild } from '../gallery/rebuild-request.ts'
import { verifyGallery } from '../gallery/verify.ts'
import { DEFAULT_PACK_NAME, installDefaultPack } from '../models/default-pack/default-pack.ts'
import { openPack } from '../models/packs/open-pack.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

const GALLERY_FILES = new URL('../gallery/', import.meta.url)
const DIFFERENCES_SHOWN = 20

export function galleryCommand(): Command {
  return new Command('gallery')
    .description('the index that searches run in')
    .addCommand(
      new Command('verify')
        .description('load the gallery as a server would, and compare it with the database row for row')
        .action(verify),
    )
    .addCommand(new Command('rebuild').description('make the gallery anew, while the server goes on').action(rebuild))
}

async function verify(): Promise<void> {
  const config = readConfig()
  const { manifest } = await (config.modelPack === DEFAULT_PACK_NAME
    ? installDefaultPack(config.dataDir)
    : openPack(config.dataDir, config.modelPack))
  const records = await openDatabase(config, terminalWitness)
  try {
    const { modelId, dimension } = manifest
    const opened = await openGallery({
      ...{ log: records.templates, modelId, dimension, built: GALLERY_FILES, threads: 1 },
      ...{ snapshotFolder: snapshotFolder(config.dataDir), snapshotsReadOnly: true, say: terminalWitness.notice },
    })
    const verdict = await verifyGallery(opened.engine, records.templates, modelId, () => opened.catchUp())
    await opened.close()
    for (const { imageId, problem } of verdict.differences.slice(0, DIFFERENCES_SHOWN)) {
      process.stdout.write(`image ${imageId}: ${problem}\n`)
    }
    process.stdout.write(`${verdict.compared} templates compared, ${verdict.differences.length} differ\n`)
    if (verdict.differences.length > 0) process.exitCode = 1
  } finally {
    await records.close()
  }
}

async function rebuild(): Promise<void> {
  requestRebuild(snapshotFolder(readConfig().dataDir))
  const seconds = REBUILD_NOTICED_WITHIN_MS / 1_000
  process.stdout.write(
    `A server that runs begins within ${seconds} s and says so in its log; otherwise the next start loads from the database.\n`,
  )
}

function snapshotFolder(dataDir: string): string {
  return join(resolve(dataDir), 'gallery')
}
