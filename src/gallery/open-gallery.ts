import type { Gallery, GalleryStatus } from '../domain/gallery.ts'
import type { TemplateLog } from '../domain/records.ts'
import type { GalleryEngine, LogLine } from './engine.ts'
import { ExactEngine } from './exact-engine.ts'
import { type FollowerStatus, GalleryFollower } from './follower.ts'
import { compileKernel } from './kernel/kernel.ts'
import { takeRebuildRequest, watchRebuildRequests } from './rebuild-request.ts'
import { ScanEngine } from './scan-engine.ts'
import { Snapshots } from './snapshots.ts'

export interface GalleryOptions {
  readonly log: TemplateLog
  readonly modelId: string
  readonly dimension: number
  /** The built folder of the gallery, with the kernel and the threads' files. */
  readonly built: URL
  /** Where snapshots are kept, and nothing else; null for none. */
  readonly snapshotFolder: string | null
  /** Whether snapshots are only read, and none written or removed; they are kept where not given. */
  readonly snapshotsReadOnly?: boolean
  /** Threads for searches. */
  readonly threads: number
  readonly say: LogLine
}

/** A gallery that holds what the records hold and stays in step with them. */
export interface OpenGallery {
  readonly gallery: Gallery
  readonly engine: GalleryEngine
  readonly follower: GalleryFollower
  /** Null where none are kept. */
  readonly snapshots: Snapshots | null
  catchUp(revision?: number): Promise<void>
  following(): FollowerStatus
  /** Stops following, writes the last snapshot, and ends the threads. */
  close(): Promise<void>
}

/** The exact index takes dimensions that are multiples of this. */
const DIMENSION_STEP = 4

/** Makes the index that this runtime can run, fills it and lets it follow the change log. */
export async function openGallery(options: GalleryOptions): Promise<OpenGallery> {
  const { log, modelId, dimension, built, threads, say } = options
  const kernel = compileKernel(new URL('kernel/', built))
  if (kernel === null || dimension % DIMENSION_STEP !== 0) {
    const reason = kernel === null ? 'no WebAssembly SIMD or no shared memory here' : `the dimension is ${dimension}`
    say('the gallery is searched the slow way', { reason })
    return follow(new ScanEngine(dimension), null, options)
  }
  const worker = new URL('search-worker.js', built)
  const engine = new ExactEngine({ dimension, kernel, threads: { count: threads, worker } })
  if (options.snapshotFolder === null) return follow(engine, null, options)
  const follower = new GalleryFollower(engine, log, modelId, say)
  const snapshots = new Snapshots(engine, {
    folder: options.snapshotFolder,
    modelId,
    history: () => follower.history,
    worker: new URL('snapshot-worker.js', built),
    isReadOnly: options.snapshotsReadOnly ?? false,
    say,
  })
  return follow(engine, { follower, snapshots }, options)
}

async function follow(
  engine: GalleryEngine,
  kept: { follower: GalleryFollower; snapshots: Snapshots } | null,
  { log, modelId, say, snapshotFolder, snapshotsReadOnly = false }: GalleryOptions,
): Promise<OpenGallery> {
  const follower = kept?.follower ?? new GalleryFollower(engine, log, modelId, say)
  const watched = snapshotsReadOnly ? null : snapshotFolder
  if (watched !== null) takeRebuildRequest(watched)
  try {
    await follower.fill(kept?.snapshots)
  } catch (error) {
    await engine.close()
    throw error
  }
  const { templates, revision } = engine.status()
  say('the gallery is loaded', { from: kept?.snapshots.newest ?? 'the records', templates, revision })
  follower.follow()
  kept?.snapshots.start()
  const rebuild = async (): Promise<void> => {
    try {
      say('the gallery was made anew', { corrected: await follower.rebuild() })
      await kept?.snapshots.write()
    } catch (error) {
      say('the gallery could not be made anew', { reason: String(error) })
    }
  }
  const stopWatching = watched === null ? () => {} : watchRebuildRequests(watched, rebuild, say)
  const status = (): GalleryStatus => ({ ...engine.status(), snapshotBytes: kept?.snapshots.bytes ?? 0 })
  const gallery: Gallery = {
    search: (probe, wish) => engine.search(probe, wish),
    apply: (change) => engine.apply(change),
    status,
    close: () => engine.close(),
  }
  return {
    gallery,
    engine,
    follower,
    snapshots: kept?.snapshots ?? null,
    catchUp: (revision) => follower.catchUp(revision),
    following: () => follower.status(),
    async close() {
      stopWatching()
      await follower.close()
      await kept?.snapshots.close()
      await engine.close()
    },
  }
}
