import type { OpenPack } from '../../src/domain/pack.ts'
import type { ExtractionSetup } from '../../src/extraction/stages.ts'
import { PICTURE_KERNEL } from './picture-kernel.ts'

/** How a server with the usual settings sets up extraction with a pack. */
export function setupOf(pack: OpenPack): ExtractionSetup {
  return {
    ...pack,
    executionProvider: 'cpu',
    pictureKernel: PICTURE_KERNEL,
    mirrorProbes: true,
    int8Probes: false,
    decodeLimits: { bytesMax: 10 * 1024 * 1024, pixelsMax: 50_000_000, secondsMax: 4 },
    embeddedFacesMax: 3,
  }
}
