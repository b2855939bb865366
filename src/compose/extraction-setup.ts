import { fileURLToPath } from 'node:url'
import type { Config } from '../config/settings.ts'
import type { OpenPack } from '../domain/pack.ts'
import type { ExtractionSetup } from '../extraction/stages.ts'
import { int8Probes } from './read-settings.ts'

/** Faces of one photo that are embedded, the largest first. */
const EMBEDDED_FACES_MAX = 64

/**
 * What extractions with a pack are made with.
 * @param workerUrl the built file that extraction threads run
 * @throws ServerMisconfigured where the settings ask for what the pack does not have
 */
export function extractionSetup(config: Config, { manifest, folder }: OpenPack, workerUrl: URL): ExtractionSetup {
  return {
    manifest,
    folder,
    executionProvider: config.executionProvider,
    pictureKernel: fileURLToPath(new URL('../picture/kernel.wasm', workerUrl)),
    mirrorProbes: config.mirrorProbes,
    int8Probes: int8Probes(config, manifest),
    embeddedFacesMax: EMBEDDED_FACES_MAX,
    decodeLimits: {
      bytesMax: config.uploadBytesMax,
      pixelsMax: config.imagePixelsMax,
      secondsMax: config.decodeSecondsMax,
    },
  }
}
