import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cpuLimit, usableCpus } from './cpus.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nhandien-cgroup-'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

/** The limit on a machine with these files. */
function limitWith(files: Readonly<Record<string, string>>): number {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), `${content}\n`)
  }
  return cpuLimit(root)
}

const NONE = Number.POSITIVE_INFINITY
const V1 = 'sys/fs/cgroup/cpu,cpuacct'

describe('cpuLimit', () => {
  it.each([
    ['a whole number', '200000 100000', 2],
    ['a fraction', '150000 100000', 1.5],
    ['less than one', '5000 100000', 0.05],
    ['another period', '80000 20000', 4],
    ['no limit', 'max 100000', NONE],
    ['nonsense', 'whatever', NONE],
    ['nothing', '', NONE],
  ])('reads %s from the unified hierarchy', (_, max, cpus) => {
    expect(limitWith({ 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/cpu.max': max })).toBe(cpus)
  })

  it.each([
    ['the inner', '100000 100000', '400000 100000', 1],
    ['the outer', 'max 100000', '300000 100000', 3],
  ])('takes the least of nested groups: %s', (_, inner, outer, cpus) => {
    const group = 'sys/fs/cgroup/kubepods.slice/pod.slice'
    const files = { [`${group}/container.scope/cpu.max`]: inner, [`${group}/cpu.max`]: outer }
    expect(limitWith({ 'proc/self/cgroup': '0::/kubepods.slice/pod.slice/container.scope', ...files })).toBe(cpus)
  })

  it('finds its own group where the path is one of the host, or climbs out of its namespace', () => {
    const own = { 'sys/fs/cgroup/cpu.max': '250000 100000' }
    expect(limitWith({ 'proc/self/cgroup': '0::/docker/0123abcd', ...own })).toBe(2.5)
    expect(limitWith({ 'proc/self/cgroup': '0::/../../elsewhere', ...own })).toBe(2.5)
  })

  it.each([
    ['150000', 1.5],
    ['-1', NONE],
  ])('reads a quota of %s from the first version', (quota, cpus) => {
    const files = { [`${V1}/cpu.cfs_quota_us`]: quota, [`${V1}/cpu.cfs_period_us`]: '100000' }
    expect(limitWith({ 'proc/self/cgroup': '3:memory:/\n2:cpu,cpuacct:/docker/0123abcd\n1:cpuset:/', ...files })).toBe(
      cpus,
    )
  })

  it('takes the least of nested groups of the first version, under the name of the controller alone too', () => {
    const cpu = 'sys/fs/cgroup/cpu'
    const inner = { [`${cpu}/a/b/cpu.cfs_quota_us`]: '90000', [`${cpu}/a/b/cpu.cfs_period_us`]: '30000' }
    const outer = { [`${cpu}/a/cpu.cfs_quota_us`]: '200000', [`${cpu}/a/cpu.cfs_period_us`]: '100000' }
    expect(limitWith({ 'proc/self/cgroup': '2:cpu,cpuacct:/a/b\n0::/', ...inner, ...outer })).toBe(2)
  })

  it('is none where nothing is known', () => {
    expect(limitWith({})).toBe(NONE)
    expect(limitWith({ 'proc/self/cgroup': '2:cpuset:/a\n1:cpuacct:/a' })).toBe(NONE)
  })
})

describe('usableCpus', () => {
  it('is at least one, and no more than the process may run on', () => {
    expect(Number.isInteger(usableCpus())).toBe(true)
    expect(usableCpus()).toBeGreaterThanOrEqual(1)
    expect(usableCpus()).toBeLessThanOrEqual(availableParallelism())
  })
})
