import { createDecoder } from '../src/extraction/decode/decoder.ts'

const MICROSECONDS_PER_MS = 1_000
const LIMITS = { bytesMax: 2 ** 30, pixelsMax: 2 ** 30, secondsMax: 60 }

/** CPU-ms that the image library takes for a photo, down to the size that is worked on; the mean of so many. */
export async function measureDecode(photo: Uint8Array, times: number): Promise<number> {
  const decoder = createDecoder(LIMITS)
  const began = process.cpuUsage()
  for (let run = 0; run < times; run++) await decoder.decode(photo)
  const { user, system } = process.cpuUsage(began)
  return (user + system) / MICROSECONDS_PER_MS / times
}
