import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

/** Group photos inside a dependency, with the number of people on each. */
const DEMO = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo')
export const GROUP_SIZES = [3, 3, 3, 4, 5, 4] as const

export function groupPhoto(number: number): Buffer {
  return readFileSync(join(DEMO, `sample${number}.jpg`))
}

export interface FaceBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One face of a group photo, cut out with a margin, as a JPEG of its own. */
export async function portrait(photo: Buffer, box: FaceBox): Promise<Buffer> {
  const { width = 0, height = 0 } = await sharp(photo).metadata()
  const margin = 0.6 * Math.max(box.width, box.height)
  const left = Math.max(0, Math.floor(box.x - margin))
  const top = Math.max(0, Math.floor(box.y - margin))
  const right = Math.min(width, Math.ceil(box.x + box.width + margin))
  const bottom = Math.min(height, Math.ceil(box.y + box.height + margin))
  return await sharp(photo)
    .extract({ left, top, width: right - left, height: bottom - top })
    .jpeg({ quality: 95 })
    .toBuffer()
}

/** A picture with nobody on it. */
export async function blank(): Promise<Buffer> {
  return await sharp({ create: { width: 640, height: 480, channels: 3, background: '#7a8' } })
    .jpeg()
    .toBuffer()
}

/** The development photographs beside the project, where they are there. */
export const SHARED_DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url))
export const hasSharedData = existsSync(SHARED_DATA)
