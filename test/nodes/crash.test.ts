import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seededRandom } from '../gallery/vectors.ts'
import { describeEachDatabase } from '../records/each-database.ts'
import { type NodePlace, RunningNode } from './running-node.ts'
import { complaintsAbout } from './stored-people.ts'
import { Writer } from './writer.ts'

/*
 * A server under writes is killed at moments that a seed chooses: in the middle of writes, while it closes and writes its
 * snapshot, or while it starts. What it acknowledged must be there afterwards, and nothing else; and the gallery must be
 * what the tables are. `npm run harness:crash` does it more often.
 */

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 8)
const SEED = Number(process.env.CRASH_SEED ?? 1)
const WRITERS = 4
/** A server is killed after so many writes at most, and at any moment of the next. */
const WRITES_MAX = 40
const WRITE_MS_MAX = 25
/** Long enough that some close in time and leave a snapshot to start from. */
const CLOSING_MS_MAX = 3_000
const START_MS_MAX = 1_500
const ROUNDS_PER_LINE = 20
const ROUND_MS_MAX = 30_000
/** Templates that are looked up one by one after each round; the gallery as a whole is compared every time. */
const LOOKED_UP = 60

describeEachDatabase('a server that is killed', (database) => {
  it(`${ROUNDS} times keeps what it acknowledged`, { timeout: ROUNDS * ROUND_MS_MAX }, async () => {
    const random = seededRandom(SEED)
    const place: NodePlace = { dataDir: join(database.folder(), 'node'), databaseUrl: await database.newUrl() }
    let node = await RunningNode.start(place)
    const token = await node.signIn()
    const writers = Array.from({ length: WRITERS }, (_, number) => new Writer(number + 1, SEED + number, token))
    const starts = { fromSnapshot: 0, besideTornSnapshot: 0 }
    const kills = { writing: 0, closing: 0, starting: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const isOver = { yes: false }
      const writing = Promise.all(writers.map((writer) => writeUntil(isOver, writer, node)))
      const due = acknowledgedBy(writers) + random() * WRITES_MAX
      // A writer that fails ends the wait; `await writing` says why.
      writing.catch(() => {
        isOver.yes = true
      })
      while (!isOver.yes && acknowledgedBy(writers) < due) await pause(1)
      await pause(random() * WRITE_MS_MAX)
      if (random() < 0.6) {
        kills.writing++
        await node.kill()
      } else {
        kills.closing++
        await node.stop(random() * CLOSING_MS_MAX)
      }
      isOver.yes = true
      await writing
      if (random() < 0.15) {
        kills.starting++
        const starting = await RunningNode.spawn(place)
        await pause(random() * START_MS_MAX)
        starting.kill('SIGKILL')
      }
      const snapshots = await readdir(join(place.dataDir, 'gallery'))
      if (snapshots.some((file) => /^\d+\.snapshot$/.test(file))) starts.fromSnapshot++
      if (snapshots.some((file) => file.startsWith('being-written'))) starts.besideTornSnapshot++
      node = await RunningNode.start(place)
      const expectations = writers.flatMap((writer) => writer.expectations)
      expect(await complaintsAbout(place.databaseUrl, expectations), `round ${round}`).toEqual([])
      expect((await node.verify()).differences, `round ${round}`).toEqual([])
      for (const writer of writers) await expectFound(node, writer, random)
      if (round % ROUNDS_PER_LINE === ROUNDS_PER_LINE - 1) console.log(`${database.kind}: ${round + 1} rounds`)
    }
    const { compared } = await node.verify()
    await node.stop()
    const acknowledged = acknowledgedBy(writers)
    const unanswered = writers.reduce((sum, writer) => sum + writer.unanswered, 0)
    console.log(
      `${database.kind}: ${ROUNDS} rounds; killed ${kills.writing} times while writing, ${kills.closing} while closing, ` +
        `${kills.starting} more while starting; ${starts.fromSnapshot} starts found a snapshot, ` +
        `${starts.besideTornSnapshot} a torn one; ${acknowledged} writes acknowledged, ${unanswered} not answered; ` +
        `${compared} templates at the end`,
    )
  })
})

function acknowledgedBy(writers: readonly Writer[]): number {
  return writers.reduce((sum, writer) => sum + writer.acknowledged, 0)
}

async function writeUntil(isOver: { readonly yes: boolean }, writer: Writer, node: RunningNode): Promise<void> {
  const before = writer.unanswered
  while (!isOver.yes && writer.unanswered === before) await writer.write(node)
}

/** Searches for what was enrolled and for what was removed last. */
async function expectFound(node: RunningNode, writer: Writer, random: () => number): Promise<void> {
  const images = [...writer.acknowledgedImages].sort(() => random() - 0.5).slice(0, LOOKED_UP / WRITERS)
  for (const { seed, imageId, classId } of images) {
    const found = await node.nearest(seed)
    expect({ imageId: found?.imageId, classId: found?.classId }).toEqual({ imageId, classId })
    expect(found?.score).toBeCloseTo(1, 5)
  }
  for (const seed of writer.gone.slice(-LOOKED_UP / WRITERS)) {
    expect((await node.nearest(seed))?.score ?? 0, `template ${seed}, which was removed`).toBeLessThan(0.9)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
