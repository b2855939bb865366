import { Transformer } from '@napi-rs/image'
import type { Picture } from '../picture/picture.ts'

/*
 * The commonest photos of all: JPEGs of one baseline scan in three colours, upright, and no larger than what is worked
 * on, as browsers, webcams and web pages make them. They are decoded at once, in the calling thread; the image library
 * hands each photo through two threads of its own, and a query of such a photo takes 7 % more CPU time with it. Whatever
 * is the least unusual is left to the library, and so is whatever does not come out as its header says: it alone says
 * what is refused.
 */

const MARKER = 0xff
const START_OF_FRAME_BASELINE = 0xc0
const START_OF_SCAN = 0xda
const END_OF_IMAGE = 0xd9
/** Tables (Huffman, quantisation, restart interval), application segments without a meaning here, comments. */
const SKIPPED = new Set([0xc4, 0xdb, 0xdd, 0xe0, 0xe2, 0xed, 0xfe])
/** EXIF, which may turn a photo, or XMP, which does not. */
const EXIF_OR_XMP = 0xe1
const EXIF = 'Exif'
const CHANNELS = 3
/** Usual files have about ten before the scan; the decoder is slow with a million of them. */
const SEGMENTS_MAX = 100

interface Size {
  readonly width: number
  readonly height: number
}

/** @returns null where the photo is none of those, or can't be decoded */
export function readPlainJpeg(photo: Uint8Array, pixelsMax: number): Picture | null {
  const size = sizeOfPlainJpeg(photo)
  if (size === null || size.width * size.height > pixelsMax) return null
  try {
    const pixels = new Transformer(photo).rawPixelsSync()
    return pixels.length === size.width * size.height * CHANNELS ? { pixels, ...size } : null
  } catch {
    return null
  }
}

/** Reads the segments up to the scan (ITU-T T.81, annex B); null where there is anything unusual. */
function sizeOfPlainJpeg(photo: Uint8Array): Size | null {
  const view = new DataView(photo.buffer, photo.byteOffset, photo.byteLength)
  const end = photo.length
  // One that was cut off has no end.
  if (end < 4 || photo[end - 2] !== MARKER || photo[end - 1] !== END_OF_IMAGE) return null
  let size: Size | null = null
  for (let [at, segments] = [2, 0]; at + 4 <= end && segments < SEGMENTS_MAX; segments++) {
    const kind = photo[at + 1] ?? 0
    const length = view.getUint16(at + 2)
    const segment = photo.subarray(at + 4, at + 2 + length)
    if (photo[at] !== MARKER || length < 2 || segment.length !== length - 2) return null
    if (kind === START_OF_SCAN) return segment[0] === CHANNELS ? size : null
    if (kind === START_OF_FRAME_BASELINE) {
      if (size !== null) return null
      size = sizeOfFrame(segment)
      if (size === null) return null
    } else if (!SKIPPED.has(kind) && !(kind === EXIF_OR_XMP && !isExif(segment))) return null
    at += 2 + length
  }
  return null
}

/** Of a frame of 8 bits in luma and two chromas, which have all of its pixels or every other one. */
function sizeOfFrame(frame: Uint8Array): Size | null {
  const [precision, height1 = 0, height0 = 0, width1 = 0, width0 = 0, components, ...rest] = frame
  const [luma, lumaSampling = 0, , blue, blueSampling, , red, redSampling] = rest
  const isUsual =
    precision === 8 && components === CHANNELS && luma === 1 && blue === 2 && red === 3 && frame.length === 15
  const across = lumaSampling >> 4
  const down = lumaSampling & 15
  const isSampledAsUsual =
    [1, 2].includes(across) && [1, 2].includes(down) && blueSampling === 0x11 && redSampling === 0x11
  const [width, height] = [width1 * 256 + width0, height1 * 256 + height0]
  return isUsual && isSampledAsUsual && width > 0 && height > 0 ? { width, height } : null
}

function isExif(segment: Uint8Array): boolean {
  return [...EXIF].every((letter, index) => segment[index] === letter.charCodeAt(0))
}
