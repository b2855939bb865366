import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../gallery/vectors.ts'
import { type MariadbDatabases, mariadbDatabases } from '../mariadb/mariadb-databases.ts'
import { RunningNode, Unanswered } from './running-node.ts'
import { complaintsAbout } from './stored-people.ts'
import { Writer } from './writer.ts'

/*
 * Three servers on one MariaDB, written through by clients that change from one to another, while one after the other is
 * killed and started again. `npm run harness:nodes` does it for longer, and prints how soon the others see a change.
 */

const SECONDS = Number(process.env.NODES_SECONDS ?? 8)
const SEED = Number(process.env.NODES_SEED ?? 1)
const NODES = 3
const CLIENTS = 8
const START_MS_MAX = 120_000
/** Between a node's start and the kill of the next one. */
const KILL_EVERY_MS_MAX = 4_000
/** One write of so many is looked for on another node. */
const LOOKED_FOR_ELSEWHERE = 4
/** After which a change that others do not see counts as lost; when they should have seen it is printed, not asserted. */
const LOST_AFTER_MS = 20_000

describe('three servers on one MariaDB', () => {
  let databases: MariadbDatabases
  let folder = ''

  beforeAll(async () => {
    databases = await mariadbDatabases()
    folder = await mkdtemp(join(tmpdir(), 'nhandien-nodes-'))
  })

  afterAll(async () => {
    await databases.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('end with the same gallery, which is what the tables hold', {
    timeout: SECONDS * 1_000 + START_MS_MAX,
  }, async () => {
    const databaseUrl = await databases.create()
    const start = (index: number) => RunningNode.start({ dataDir: join(folder, `node-${index}`), databaseUrl })
    const first = await start(0)
    const nodes: (RunningNode | null)[] = [first, ...(await Promise.all([start(1), start(2)]))]
    const token = await first.signIn()
    const run: Run = { nodes, isOver: false, seenAfterMs: [], random: seededRandom(SEED) }
    const writers = Array.from({ length: CLIENTS }, (_, number) => new Writer(number + 1, SEED + number, token))
    const writing = Promise.all(writers.map((writer) => keepWriting(run, writer)))
    const kills = killInTurns(run, start)
    const end = setTimeout(() => {
      run.isOver = true
    }, SECONDS * 1_000)
    try {
      await Promise.all([writing, kills])
    } finally {
      run.isOver = true
      clearTimeout(end)
    }
    const running = nodes.filter((node) => node !== null)
    expect(running).toHaveLength(NODES)
    const verdicts = await Promise.all(running.map((node) => node.verify()))
    expect(verdicts.map(({ differences }) => differences)).toEqual([[], [], []])
    expect(new Set(verdicts.map(({ compared }) => compared)).size).toBe(1)
    const expectations = writers.flatMap((writer) => writer.expectations)
    expect(await complaintsAbout(databaseUrl, expectations)).toEqual([])
    const front = someNode(run)
    for (const { seed, imageId, classId } of writers.flatMap((writer) => writer.acknowledgedImages))
      expect(await front.nearest(seed)).toMatchObject({ imageId, classId })
    for (const node of running) await node.stop()
    report(run, writers, { kills: await kills, compared: verdicts[0]?.compared ?? 0 })
  })
})

interface Run {
  /** Null while one is away. */
  readonly nodes: (RunningNode | null)[]
  isOver: boolean
  /** From the answer to a write until another node finds it, milliseconds. */
  readonly seenAfterMs: number[]
  readonly random: () => number
}

async function keepWriting(run: Run, writer: Writer): Promise<void> {
  for (let count = 0; !run.isOver; count++) {
    const node = someNode(run)
    const seed = await writer.write(node)
    if (seed === null) continue
    const answeredAt = performance.now()
    // The node that answered shows the change at once.
    await expectFound(node, seed)
    if (count % LOOKED_FOR_ELSEWHERE === 0) await lookFor(run, someNode(run, node), seed, answeredAt)
  }
}

function someNode({ nodes, random }: Run, other?: RunningNode): RunningNode {
  const running = nodes.filter((node) => node !== null && node !== other)
  const node = running[Math.floor(random() * running.length)]
  if (node === null || node === undefined) throw new Error('no node is running')
  return node
}

async function expectFound(node: RunningNode, seed: number): Promise<void> {
  const found = await unlessGone(node.nearest(seed))
  if (found !== 'gone' && (found === null || found.score < 0.999))
    throw new Error(`template ${seed} is not found on the node that stored it`)
}

async function lookFor(run: Run, node: RunningNode, seed: number, answeredAt: number): Promise<void> {
  for (;;) {
    const found = await unlessGone(node.nearest(seed))
    if (found === 'gone') return
    const ms = performance.now() - answeredAt
    if (found !== null && found.score > 0.999) {
      run.seenAfterMs.push(ms)
      return
    }
    if (ms > LOST_AFTER_MS) throw new Error(`template ${seed} is not found on another node after ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function unlessGone<T>(answer: Promise<T>): Promise<T | 'gone'> {
  return await answer.catch((error: unknown) => {
    if (error instanceof Unanswered) return 'gone'
    throw error
  })
}

/** Kills one node after the other and starts it again, until the run is over; answers how often. */
async function killInTurns(run: Run, start: (index: number) => Promise<RunningNode>): Promise<number> {
  for (let kills = 0; ; kills++) {
    const dueAt = performance.now() + run.random() * KILL_EVERY_MS_MAX
    while (!run.isOver && performance.now() < dueAt) await new Promise((resolve) => setTimeout(resolve, 10))
    if (run.isOver && kills > 0) return kills
    const index = (kills + 1) % NODES
    const node = run.nodes[index]
    run.nodes[index] = null
    await node?.kill()
    run.nodes[index] = await start(index)
  }
}

function report(run: Run, writers: readonly Writer[], { kills, compared }: { kills: number; compared: number }): void {
  const sorted = [...run.seenAfterMs].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]?.toFixed(0)
  const sum = (of: (writer: Writer) => number) => writers.reduce((total, writer) => total + of(writer), 0)
  console.log(
    `${SECONDS} s, ${NODES} nodes, ${CLIENTS} clients: ${sum(({ acknowledged }) => acknowledged)} writes acknowledged, ` +
      `${sum(({ unanswered }) => unanswered)} not answered, ${kills} kills, ${compared} templates at the end; ` +
      `seen on another node after ${at(0.5)} ms (median), ${at(0.99)} (p99), ${at(1)} (longest of ${sorted.length})`,
  )
}
