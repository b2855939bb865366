import { readlinkSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

/**
 * Of ten CPU shares that both want, the event loop gets nine. Comes on top of the process's own. Other processes
 * are mostly of another control group or session, which share the CPUs as such, not by this.
 */
const NICENESS = 10

/**
 * Lets every other thread of the process come first. A worker always has something to do when much is asked, and the
 * event loop, which has to refuse what is too much, would wait for a CPU behind it. Linux alone gives each thread a
 * priority of its own; elsewhere nothing is done.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    const [pid, , thread] = readlinkSync('/proc/thread-self').split('/').map(Number)
    // Where /proc is of another PID namespace, the number is some other thread's.
    if (pid !== process.pid || thread === undefined) return
    setPriority(thread, Math.min(constants.priority.PRIORITY_LOW, getPriority(thread) + NICENESS))
  } catch {
    // Without /proc, or where it is forbidden, it works on as it is.
  }
}
