import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A photo of three people that comes with the default models; null where they are not installed. */
export function samplePhoto(): string | null {
  try {
    const library = createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')
    return join(dirname(library), 'demo', 'sample1.jpg')
  } catch {
    return null
  }
}
