/** What the load generator is asked for, and what it answers; it runs in a process of its own. */
import type { LoopReading } from '../event-loop.ts'

/** So many clients who send the next photo when the last was answered, or photos at a steady rate whatever comes back. */
export type Load =
  | { readonly address: string; readonly clients: number }
  | { readonly address: string; readonly perSecond: number }

export interface LoadOrder {
  readonly url: string
  readonly photo: string
  readonly loads: readonly Load[]
  readonly seconds: number
}

export interface LoadResult {
  /** Of each load, in the order in which they were due. */
  readonly outcomes: readonly (readonly Outcome[])[]
  /** Of the generator itself. */
  readonly loop: LoopReading
  readonly cpuMs: number
}

/** Times are milliseconds since the loads began. */
export interface Outcome {
  readonly requestId: string
  /** 0 where the connection failed. */
  readonly status: number
  /** Why it was refused; null where it was not or nothing is said. */
  readonly reason: string | null
  readonly dueMs: number
  /** When it was handed to the socket. */
  readonly sentMs: number
  /** When the first byte of the answer came. */
  readonly headMs: number
  readonly endMs: number
}
