import type { RunningNode } from './running-node.ts'
import { Unanswered } from './running-node.ts'
import type { SnapshotFolder } from './snapshot-folder.ts'

/** Long enough that some close in time, their last snapshot written. */
const CLOSING_MS_MAX = 600
/** About what the writing of a snapshot takes here. */
const SNAPSHOT_MS_MAX = 60
/** Header, means, and the first blocks. */
const WRITES = 5

export type Kill = 'at any moment' | 'while closing' | 'at a step of a snapshot' | 'while a snapshot is there half'

export function chooseKill(random: () => number): Kill {
  const choice = random()
  if (choice < 0.3) return 'at any moment'
  if (choice < 0.45) return 'while closing'
  return choice < 0.85 ? 'at a step of a snapshot' : 'while a snapshot is there half'
}

/** What kill-at-step.mjs knows. */
export const STEPS: readonly string[] = [
  'opened',
  ...Array.from({ length: WRITES }, (_, index) => [`half of write ${index + 1}`, `write ${index + 1}`]).flat(),
  'before sync',
  'between sync and rename',
  'after rename',
  'after sync of the folder',
  'before the older one is removed',
  'after the older one is removed',
]

/** Kills a node that is written to. */
export async function kill(
  how: Kill,
  node: RunningNode,
  { token, folder, random }: { token: string; folder: SnapshotFolder; random: () => number },
): Promise<void> {
  if (how === 'at any moment') return await node.kill()
  if (how === 'while closing') return await node.stop(random() * CLOSING_MS_MAX)
  if (how === 'at a step of a snapshot') node.killAt(STEPS[Math.floor(random() * STEPS.length)] ?? '')
  // Asked for by an administrator, or the last one before it closes.
  let isWriting = true
  const writing = (random() < 0.5 ? unlessGone(node.writeSnapshot(token)) : node.stop()).finally(() => {
    isWriting = false
  })
  if (how === 'while a snapshot is there half') {
    while (isWriting && !folder.hasUnfinished) await pause(1)
    await pause(random() * SNAPSHOT_MS_MAX)
    await node.kill()
  }
  await writing
  // Not every snapshot comes by every step: there may be no older one to remove.
  await node.kill()
}

async function unlessGone(answer: Promise<void>): Promise<void> {
  await answer.catch((error: unknown) => {
    if (!(error instanceof Unanswered)) throw error
  })
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
