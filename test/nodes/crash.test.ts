import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seededRandom } from '../gallery/vectors.ts'
import { describeEachDatabase } from '../records/each-database.ts'
import { enrolBystanders } from './bystanders.ts'
import { chooseKill, kill, pause } from './kills.ts'
import { type NodePlace, RunningNode } from './running-node.ts'
import { SnapshotFolder } from './snapshot-folder.ts'
import { complaintsAbout } from './stored-people.ts'
import { Writer } from './writer.ts'

/*
 * A server under writes is killed at moments that a seed chooses: in the middle of writes, at any step of the writing of
 * a snapshot, while it closes, or while it starts; now and then its newest snapshot is spoilt as well. What it
 * acknowledged must be there afterwards, and nothing else; it must start from the newest sound snapshot; and the gallery
 * must be what the tables are. `npm run harness:crash` does it more often.
 */

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 8)
const SEED = Number(process.env.CRASH_SEED ?? 1)
/** Templates that are there besides those that are written: a snapshot of them takes its time. */
const BYSTANDERS = Number(process.env.CRASH_TEMPLATES ?? 4_500)
const WRITERS = 4
/** Between two steps of a round there are so many writes at most. */
const WRITES_MAX = 20
const WRITE_MS_MAX = 25
const SNAPSHOTS_BEFORE_MAX = 2
const START_MS_MAX = 1_500
const ROUNDS_PER_LINE = 20
const ROUND_MS_MAX = 120_000
/** Templates that are looked up one by one after each round; the gallery as a whole is compared every time. */
const LOOKED_UP = 24

describeEachDatabase('a server that is killed', (database) => {
  it(`${ROUNDS} times keeps what it acknowledged`, { timeout: 120_000 + ROUNDS * ROUND_MS_MAX }, async () => {
    const random = seededRandom(SEED)
    const url = await database.newUrl()
    await enrolBystanders(await database.open({ url }), BYSTANDERS)
    const place: NodePlace = { dataDir: join(database.folder(), 'node'), databaseUrl: url }
    const folder = new SnapshotFolder(place.dataDir)
    const tally = new Map<string, number>()
    const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1)
    let node = await RunningNode.start(place)
    const token = await node.signIn()
    const writers = Array.from({ length: WRITERS }, (_, number) => new Writer(number + 1, SEED + number, token))
    for (let round = 0; round < ROUNDS; round++) {
      const how = chooseKill(random)
      // Only a generation that holds nothing removed is kept beside a newer one.
      const growsOnly = random() < 0.3
      const isOver = { yes: false }
      for (const writer of writers) writer.growsOnly = growsOnly
      const writing = Promise.all(writers.map((writer) => writeUntil(isOver, writer, node)))
      // A writer that fails ends the waits; `await writing` says why.
      writing.catch(() => {
        isOver.yes = true
      })
      for (let before = Math.floor(random() * (SNAPSHOTS_BEFORE_MAX + 1)); before > 0 && !isOver.yes; before--) {
        await someWrites(writers, random, isOver)
        await node.writeSnapshot(token)
      }
      await someWrites(writers, random, isOver)
      await kill(how, node, { token, folder, random })
      isOver.yes = true
      await writing
      count(`killed ${how}`)
      countTornWriting(place, folder, count)
      if (folder.finished.length > 1) count('two generations left')
      if (random() < (folder.finished.length > 1 ? 0.6 : 0.15)) folder.spoilNewest(random)
      if (random() < 0.15) {
        count('killed while starting')
        const starting = await RunningNode.spawn(place)
        await pause(random() * START_MS_MAX)
        starting.kill('SIGKILL')
      }
      const [newest] = folder.finished
      const due = folder.newestSound
      node = await RunningNode.start(place)
      expect(node.loadedFrom, `round ${round}`).toBe(due ?? 'the records')
      folder.forgetSpoilt()
      count(
        `started from ${due === null ? 'the records' : due === newest ? 'the newest snapshot' : 'the older snapshot'}`,
      )
      const expectations = writers.flatMap((writer) => writer.expectations)
      expect(await complaintsAbout(url, expectations), `round ${round}`).toEqual([])
      const { differences, compared } = await node.verify()
      expect(differences, `round ${round}`).toEqual([])
      expect(compared, `round ${round}`).toBeGreaterThanOrEqual(BYSTANDERS)
      for (const writer of writers) await expectFound(node, writer, random)
      if (round % ROUNDS_PER_LINE === ROUNDS_PER_LINE - 1) console.log(`${database.kind}: ${round + 1} rounds`)
    }
    const { compared } = await node.verify()
    await node.stop()
    const unanswered = writers.reduce((sum, writer) => sum + writer.unanswered, 0)
    console.log(
      [
        `${database.kind}: ${ROUNDS} rounds, no differences; ${compared} templates at the end`,
        `${acknowledgedBy(writers)} writes acknowledged, ${unanswered} not answered`,
        ...[...tally].sort(([a], [b]) => a.localeCompare(b)).map(([what, times]) => `${times} ${what}`),
      ].join('\n  '),
    )
  })
})

/** Whether, and where, the kill fell into the writing of a snapshot. */
function countTornWriting({ dataDir }: NodePlace, folder: SnapshotFolder, count: (what: string) => void): void {
  const reached = join(dataDir, 'killed-at')
  const isAtStep = existsSync(reached)
  if (isAtStep) count(`died at: ${readFileSync(reached, 'utf8')}`)
  else if (folder.hasUnfinished) count('died at: any other instruction of the writing')
  if (isAtStep || folder.hasUnfinished) count('killed while a snapshot was written')
  rmSync(reached, { force: true })
}

function acknowledgedBy(writers: readonly Writer[]): number {
  return writers.reduce((sum, writer) => sum + writer.acknowledged, 0)
}

async function someWrites(
  writers: readonly Writer[],
  random: () => number,
  isOver: { readonly yes: boolean },
): Promise<void> {
  const due = acknowledgedBy(writers) + random() * WRITES_MAX
  while (!isOver.yes && acknowledgedBy(writers) < due) await pause(1)
  await pause(random() * WRITE_MS_MAX)
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
