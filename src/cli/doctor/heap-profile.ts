import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'

/** Bytes between two samples: small enough for what a request allocates. */
const SAMPLING_INTERVAL_BYTES = 16_384

/**
 * What the work allocates on the main thread's heap, as a `.heapprofile` for the developer tools of Chromium. It holds
 * names of functions and sizes, and nothing of what they worked on.
 */
export async function profileHeap<T>(file: string, work: () => Promise<T>): Promise<T> {
  const session = new Session()
  session.connect()
  try {
    await session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLING_INTERVAL_BYTES })
    const result = await work()
    const { profile } = await session.post('HeapProfiler.stopSampling')
    await writeFile(file, JSON.stringify(profile))
    return result
  } finally {
    session.disconnect()
  }
}
