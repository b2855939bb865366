import { readdirSync, readFileSync } from 'node:fs'

export interface TreeReading {
  readonly cpuMs: number
  /** Sum over the processes: pages that they share count in each. */
  readonly rssBytes: number
  /** Pages that several processes share count once, in parts. */
  readonly pssBytes: number
  readonly processes: number
}

/** Of `sysconf(_SC_CLK_TCK)`, on every Linux. */
const MS_PER_TICK = 10
const KIB = 1_024

/** What a process and all below it have used so far and hold now, as Linux tells it. */
export function readTree(pid: number): TreeReading {
  const parents = new Map(allPids().flatMap((each) => parentOf(each)))
  const tree = [...parents.keys(), pid].filter(
    (each, index, all) => all.indexOf(each) === index && isBelow(each, pid, parents),
  )
  return {
    cpuMs: sum(tree.map(cpuMs)),
    rssBytes: sum(tree.map((each) => KIB * memory(each, 'Rss'))),
    pssBytes: sum(tree.map((each) => KIB * memory(each, 'Pss'))),
    processes: tree.length,
  }
}

function allPids(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

/** A process may be gone by now. */
function parentOf(pid: number): readonly [number, number][] {
  try {
    return [[pid, Number(statOf(pid)[1])]]
  } catch {
    return []
  }
}

function isBelow(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = parents.get(at)) if (at === root) return true
  return false
}

/** The fields after the name, which may hold anything: state, parent, … */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function cpuMs(pid: number): number {
  const stat = statOf(pid)
  return (Number(stat[11]) + Number(stat[12])) * MS_PER_TICK
}

function memory(pid: number, what: 'Rss' | 'Pss'): number {
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
