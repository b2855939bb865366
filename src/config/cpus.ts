import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** `max 100000` or `200000 100000`: microseconds of CPU per period, in microseconds. */
const CGROUP_CPU_LIMIT_FILE = '/sys/fs/cgroup/cpu.max'

/** Whole CPUs this process may use: its affinity, or its container's limit where that is less. At least 1. */
export function usableCpus(limitFile = CGROUP_CPU_LIMIT_FILE): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(containerLimit(limitFile))))
}

function containerLimit(limitFile: string): number {
  try {
    const [quota, period] = readFileSync(limitFile, 'utf8').trim().split(' ').map(Number)
    const cpus = (quota ?? Number.NaN) / (period ?? Number.NaN)
    return cpus > 0 ? Math.max(1, cpus) : Number.POSITIVE_INFINITY
  } catch {
    // Not Linux, or no such controller: nothing limits this process beyond its affinity.
    return Number.POSITIVE_INFINITY
  }
}
