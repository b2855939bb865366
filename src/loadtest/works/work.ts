import type { Answer, Call } from '../client/call.ts'
import type { Credentials } from '../client/sign-in.ts'

export type Send = (call: Call) => Promise<Answer>

/** What clients do: one turn after the other. */
export interface Work {
  /**
   * One client's turn: what it sends, each call after the answer to the one before.
   * @param number of the turn, by which turns differ: no two of a run have the same
   */
  turn(send: Send, number: number): Promise<void>
}

/** What turns are made of. */
export interface Materials {
  /** With a face each; none where the work sends none. */
  readonly photos: readonly Uint8Array[]
  /** Those with a face that may be enrolled. */
  readonly references: readonly Uint8Array[]
  readonly credentials: Credentials | null
  /** Begins the name of everybody who is enrolled, to be found again. */
  readonly mark: string
}

/** The one whose turn it is, of as many as there are. */
export function takeTurns<T>(items: readonly T[], number: number): T {
  const item = items[number % items.length]
  if (item === undefined) throw new RangeError('there is nothing to take turns with')
  return item
}
