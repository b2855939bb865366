import { expect, it } from 'vitest'
import { MemoryLog } from '../../test/gallery/memory-log.ts'
import { randomUnit, seededRandom } from '../../test/gallery/vectors.ts'
import { ScanEngine } from '../gallery/scan-engine.ts'
import { indexReporter } from './report-index.ts'

const DIMENSION = 16
const PACK = {
  ...{ name: 'test', modelId: 'model', dimension: DIMENSION, threshold: 0.5, impostorP99: 0.5 },
  ...{ duplicateThreshold: 0.5, confidenceSlope: 10, licence: 'none needed' },
}

function filled() {
  const random = seededRandom(1)
  const log = new MemoryLog()
  const engine = new ScanEngine(DIMENSION)
  const follow = async () => {
    for (const change of await log.changesAfter(engine.revision, 'model', 1_000)) engine.apply(change)
  }
  let imageId = 0
  const write = () => log.put(++imageId, 1, randomUnit(DIMENSION, random))
  return { log, engine, follow, write, report: indexReporter(log, engine, PACK) }
}

it('finds no difference in what is written while it counts', async () => {
  const { log, engine, follow, write, report } = filled()
  write()
  await follow()
  // Between the two counts, a template is stored and becomes visible.
  const counting = {
    revision: () => log.revision(),
    counts: async () => {
      const counts = await log.counts()
      write()
      await follow()
      return counts
    },
  }
  expect(await indexReporter(counting, engine, PACK)()).toMatchObject({ pendingChanges: 0, isDifferent: false })
  expect(await report()).toMatchObject({ pendingChanges: 0, isDifferent: false, stored: { templates: 2 } })
})

it('tells what is not visible yet', async () => {
  const { write, report } = filled()
  write()
  write()
  expect(await report()).toMatchObject({ pendingChanges: 2, isDifferent: false })
})

it('tells a difference that is there', async () => {
  const { engine, follow, write, report } = filled()
  write()
  await follow()
  engine.remove(1)
  expect(await report()).toMatchObject({ pendingChanges: 0, isDifferent: true })
})
