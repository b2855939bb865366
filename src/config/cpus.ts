import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, posix } from 'node:path'

/** Whole CPUs this process may use: its affinity (cpusets are in it), or its container's limit where that is less. */
export function usableCpus(): number {
  return Math.max(1, Math.floor(Math.min(availableParallelism(), cpuLimit())))
}

/**
 * The CPU time that control groups leave this process, in CPUs, such as 1.5; infinite where nothing limits it. Its own
 * group and all above count, in the second version of cgroups and in the first, whose controllers are mounted apart.
 *
 * @param root of the file system, for tests
 */
export function cpuLimit(root = '/'): number {
  const groups = read(join(root, 'proc/self/cgroup')) ?? ''
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...groups.split('\n').flatMap((line) => {
      const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
      if (controllers === undefined || path === undefined) return []
      if (controllers === '') return limitsAbove(join(root, 'sys/fs/cgroup'), path, unifiedLimit)
      if (!controllers.split(',').includes('cpu')) return []
      // Mounted under the names of all the controllers that share the mount, with a link or not for each one.
      return [controllers, 'cpu'].flatMap((name) => limitsAbove(join(root, 'sys/fs/cgroup', name), path, quotaLimit))
    }),
  )
}

/** A container may see its path on the host, while what is mounted is its own group: a folder that is missing limits nothing. */
function limitsAbove(mount: string, path: string, limitIn: (folder: string) => number): number[] {
  const limits: number[] = []
  // Made absolute, a path that climbs out of the mount ends at it.
  for (let group = posix.resolve('/', path); ; group = posix.dirname(group)) {
    limits.push(limitIn(join(mount, group)))
    if (group === '/') return limits
  }
}

/** `cpu.max` holds `max 100000` or `150000 100000`: microseconds of CPU in a period of microseconds. */
function unifiedLimit(folder: string): number {
  const [quota, period] = (read(join(folder, 'cpu.max')) ?? '').trim().split(' ')
  return share(quota, period)
}

/** The same in two files; a quota of -1 is none. */
function quotaLimit(folder: string): number {
  return share(read(join(folder, 'cpu.cfs_quota_us')), read(join(folder, 'cpu.cfs_period_us')))
}

function share(quota: string | undefined, period: string | undefined): number {
  const cpus = Number(quota) / Number(period)
  return cpus > 0 ? cpus : Number.POSITIVE_INFINITY
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Not Linux, or no such controller or group.
    return undefined
  }
}
