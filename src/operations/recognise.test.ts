import { expect, it } from 'vitest'
import { near, randomUnit, seededRandom } from '../../test/gallery/vectors.ts'
import { describeEachDatabase } from '../../test/records/each-database.ts'
import { ACTOR, fieldsOf, imageOf } from '../../test/records/samples.ts'
import type { Gallery } from '../domain/gallery.ts'
import type { Records } from '../domain/records.ts'
import { cosine } from '../domain/template.ts'
import { ScanEngine } from '../gallery/scan-engine.ts'
import { nearestMatches, type RecognitionParts } from './recognise.ts'

const DIMENSION = 32
const MODEL_ID = 'model/32'
const PEOPLE = 12
const IMAGES_OF_PERSON = 3

type Parts = Pick<RecognitionParts, 'gallery' | 'people' | 'extractor' | 'catchUp'>

describeEachDatabase('what an engine finds', (database) => {
  const random = seededRandom(1)
  const centre = randomUnit(DIMENSION, random)

  /** People in the records and in an engine, which follows only when it is told to. */
  async function enrolled() {
    const records = await database.open({ url: await database.newUrl() })
    const engine = new ScanEngine(DIMENSION)
    for (let person = 1; person <= PEOPLE; person++) {
      const images = Array.from({ length: IMAGES_OF_PERSON }, (_, index) =>
        imageOf(person * IMAGES_OF_PERSON + index, { template: near(centre, 0.6, random), modelId: MODEL_ID }),
      )
      await records.people.enrol({ classId: person, fields: fieldsOf(`Người ${person}`) }, images, ACTOR)
    }
    let looks = 0
    const catchUp = async () => {
      looks++
      for (const change of await records.templates.changesAfter(engine.revision, MODEL_ID, 1_000)) engine.apply(change)
    }
    await catchUp()
    return { records, engine, catchUp, looks: () => looks - 1 }
  }

  function partsOf(records: Records, gallery: Gallery, catchUp: () => Promise<void>): Parts {
    const pack = {
      ...{ name: 'test', modelId: MODEL_ID, dimension: DIMENSION, threshold: 0.5, impostorP99: 0.5 },
      ...{ duplicateThreshold: 0.5, confidenceSlope: 10, licence: 'none needed' },
    }
    const unused = () => {
      throw new Error('nothing is extracted here')
    }
    const extractor = {
      pack,
      executionProvider: 'cpu' as const,
      extract: unused,
      admit: unused,
      status: unused,
      close: unused,
    }
    return { people: records.people, gallery, extractor, catchUp }
  }

  /** Tells scores that are off, in a wrong order, some people more than once, and below the threshold too. */
  function liar(engine: ScanEngine): Gallery {
    return {
      apply: (change) => engine.apply(change),
      status: () => engine.status(),
      close: () => engine.close(),
      async search(probe, { among }) {
        const all = await engine.search(probe, { limit: 1_000, by: 'image', ...(among === undefined ? {} : { among }) })
        const lies = all.map((candidate) => ({ ...candidate, score: candidate.score + 0.4 * (random() - 0.5) }))
        return [...lies, ...lies.slice(0, 5)].sort((a, b) => b.score - a.score)
      },
    }
  }

  it.each(['person', 'image'] as const)('is scored again from the records, and cut to the wish (by %s)', async (by) => {
    const { records, engine, catchUp } = await enrolled()
    const probes = [near(centre, 0.7, random), near(centre, 0.2, random)]
    for (const wish of [
      { limit: 5, by },
      { limit: 100, by, scoreAbove: 0.4 },
      { limit: 100, by, scoreAbove: 0.99 },
    ]) {
      const rows = await nearestMatches(partsOf(records, liar(engine), catchUp), probes, wish)
      for (const [index, probe] of probes.entries()) {
        const exact = await engine.search(probe, wish)
        expect(rows[index]?.map(({ imageId, person, score }) => ({ imageId, classId: person.classId, score }))).toEqual(
          exact,
        )
      }
    }
  })

  it('is not named once it was removed elsewhere, and what it hid is', async () => {
    const { records, engine, catchUp, looks } = await enrolled()
    const probe = near(centre, 0.7, random)
    const [first, second] = await engine.search(probe, { limit: 2, by: 'person' })
    await records.people.removePerson(first?.classId ?? 0, ACTOR)
    const [row] = await nearestMatches(partsOf(records, engine, catchUp), [probe], { limit: 1, by: 'person' })
    expect(row?.map(({ person }) => person.classId)).toEqual([second?.classId])
    expect(looks()).toBe(1)
  })

  it('is not named where it cannot be caught up with', async () => {
    const { records, engine } = await enrolled()
    const probe = near(centre, 0.7, random)
    const [first] = await engine.search(probe, { limit: 1, by: 'person' })
    await records.people.removePerson(first?.classId ?? 0, ACTOR)
    const parts = partsOf(records, engine, async () => {})
    expect(await nearestMatches(parts, [probe], { limit: 1, by: 'person' })).toEqual([[]])
  })

  it('does not hide a better image behind one whose photo was replaced elsewhere', async () => {
    const { records, engine, catchUp } = await enrolled()
    const probe = near(centre, 0.7, random)
    const [best] = await engine.search(probe, { limit: 1, by: 'person' })
    const opposite = probe.map((value) => -value)
    const { label: _label, ...replacement } = imageOf(999, { template: opposite, modelId: MODEL_ID })
    await records.people.editImage(best?.imageId ?? 0, { replacement }, ACTOR)
    const [row] = await nearestMatches(partsOf(records, engine, catchUp), [probe], { limit: 1, by: 'person' })
    const own = await records.people.templatesOf(best?.classId ?? 0, MODEL_ID)
    const bestLeft = own.reduce((a, b) => (cosine(probe, b.template) > cosine(probe, a.template) ? b : a))
    const [exact] = await engine.search(probe, { limit: 1, by: 'person' })
    expect(row).toEqual([expect.objectContaining({ imageId: exact?.imageId, score: exact?.score })])
    if (row?.[0]?.person.classId === best?.classId) expect(row?.[0]?.imageId).toBe(bestLeft.imageId)
  })

  it('is looked up once where nothing changed', async () => {
    const { records, engine, catchUp, looks } = await enrolled()
    await nearestMatches(partsOf(records, engine, catchUp), [near(centre, 0.7, random)], { limit: 9, by: 'image' })
    expect(looks()).toBe(0)
  })
})
