import { randomUUID } from 'node:crypto'
import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { usableCpus } from '../../config/cpus.ts'
import type { Config } from '../../config/settings.ts'
import { bad, type Check, doubtful, type Finding, good } from './finding.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30
/** Below these the server fails soon, and should be seen to. */
const DISK_FREE_MIN = { bad: 256 * MIB, doubtful: 2 * GIB }
/** What the process takes without workers, and each worker with the default pack. */
const MEMORY_NEED = { base: 200 * MIB, worker: 150 * MIB }
const OTHERS_MAY = 0o077

/** Whether the machine and the data directory are fit to run on. */
export function machineChecks(config: Config): readonly Check[] {
  const dataDir = resolve(config.dataDir)
  return [
    { name: 'machine', run: async () => checkMemory(config.workers ?? usableCpus()) },
    { name: 'data directory', run: () => checkDataDir(dataDir) },
    { name: 'disk', run: () => checkDisk(dataDir) },
  ]
}

function checkMemory(workers: number): Finding {
  const limit = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  const need = MEMORY_NEED.base + workers * MEMORY_NEED.worker
  const found = `Node ${process.versions.node}, ${usableCpus()} CPUs, ${workers} workers, ${size(limit)} memory`
  if (limit >= need) return good(found)
  return doubtful(found, `${workers} workers want about ${size(need)}: give the process more memory, or lower WORKERS.`)
}

async function checkDataDir(dataDir: string): Promise<Finding> {
  const probe = join(dataDir, `.doctor-${randomUUID()}`)
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await writeFile(probe, 'x', { flag: 'wx', flush: true })
    await rm(probe)
  } catch (error) {
    // Of a full disk too, which takes the file and not what is in it.
    await rm(probe, { force: true }).catch(() => {})
    return bad(
      `${dataDir} cannot be written: ${reasonOf(error)}`,
      'Give it to the account that runs nhandien (chown -R), mount it writable, or name another folder in DATA_DIR.',
    )
  }
  const { mode, uid } = await stat(dataDir)
  if (process.getuid !== undefined && uid !== process.getuid())
    return doubtful(
      `${dataDir} is writable, but belongs to the account ${uid}`,
      'Run nhandien as the owner of its data, or others may take its files away.',
    )
  if (process.platform !== 'win32' && (mode & OTHERS_MAY) !== 0)
    return doubtful(`other accounts of this machine may read ${dataDir}`, `Faces are in it: chmod 700 ${dataDir}`)
  return good(`${dataDir} is writable, and nobody else's`)
}

async function checkDisk(dataDir: string): Promise<Finding> {
  try {
    const { bavail, bsize, blocks } = await statfs(dataDir)
    const free = bavail * bsize
    const found = `${size(free)} of ${size(blocks * bsize)} free`
    const remedy = 'Make room, or move DATA_DIR to a larger disk; old backups are removed by "nhandien purge".'
    if (free < DISK_FREE_MIN.bad) return bad(found, remedy)
    return free < DISK_FREE_MIN.doubtful ? doubtful(found, remedy) : good(found)
  } catch (error) {
    return doubtful(`the free space of ${dataDir} is not known: ${reasonOf(error)}`, 'See the check before this one.')
  }
}

function size(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.round(bytes / MIB)} MiB`
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
