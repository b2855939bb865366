/** How long whoever runs this machine gave its CPUs to others. */
import { readFileSync } from 'node:fs'

/** The kernel counts in hundredths of a second, whatever its own clock. */
const MS_PER_TICK = 10
/** user nice system idle iowait irq softirq steal */
const STEAL = 8

/** Of all CPUs since the machine started, milliseconds; NaN where the system keeps no count. */
export function stolenMs(): number {
  try {
    const [all = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
    return Number(all.split(/\s+/)[STEAL]) * MS_PER_TICK
  } catch {
    return Number.NaN
  }
}
