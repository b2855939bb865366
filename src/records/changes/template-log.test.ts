import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import { rawSql } from '../../../test/records/raw-sql.ts'
import { ACTOR, fieldsOf, imageOf, MODEL, templateOf } from '../../../test/records/samples.ts'
import { ChangesGone, isRefusal } from '../../domain/errors.ts'
import type { Records } from '../../domain/records.ts'
import { Database } from '../database.ts'
import { mysqlDatabase } from '../dialect/mysql.ts'
import { sqliteDatabase } from '../dialect/sqlite.ts'
import { templateLog } from './template-log.ts'

const MYSQL_OPTIONS = { poolSize: 2, connectTimeoutMs: 10_000, statementTimeoutMs: 10_000, tls: null }

/** What a gallery holds: class and template of each image. */
type State = Map<number, { classId: number; template: readonly number[] }>

async function storedState(records: Records, pageSize: number): Promise<State> {
  const state: State = new Map()
  for await (const page of records.templates.templates(MODEL, pageSize))
    for (const { imageId, classId, template } of page) state.set(imageId, { classId, template: [...template] })
  return state
}

/** Applies all changes after a revision, in steps of `limit`, as a gallery does. */
async function follow(records: Records, state: State, from: number, limit: number): Promise<number> {
  for (let revision = from; ; ) {
    const changes = await records.templates.changesAfter(revision, MODEL, limit)
    if (changes.length === 0) return revision
    for (const change of changes) {
      expect(change.revision).toBe(revision + 1)
      revision = change.revision
      if (change.kind === 'put') state.set(change.imageId, { classId: change.classId, template: [...change.template] })
      else if (change.kind === 'remove') state.delete(change.imageId)
      else if (change.kind === 'clear') state.clear()
      else if (change.kind === 'remove-person')
        for (const [imageId, { classId }] of state) if (classId === change.classId) state.delete(imageId)
    }
  }
}

const classId = fc.integer({ min: 1, max: 4 })
const imageId = fc.integer({ min: 1, max: 8 })
const photo = fc.integer({ min: 1, max: 12 })

type Step = (records: Records) => Promise<unknown>
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(classId, imageId, photo).map(
      ([person, image, seed]): Step =>
        async ({ people }) =>
          (await people.person(person)) === null
            ? people.enrol(
                { classId: person, fields: fieldsOf(`Person ${person}`) },
                [imageOf(seed, { imageId: image })],
                ACTOR,
              )
            : people.enrol({ classId: person, changes: {} }, [imageOf(seed, { imageId: image })], ACTOR),
    ),
  },
  fc.tuple(imageId, photo).map(
    ([image, seed]): Step =>
      ({ people }) =>
        people.editImage(image, { replacement: imageOf(seed) }, ACTOR),
  ),
  fc.tuple(imageId, photo).map(
    ([image, seed]): Step =>
      ({ people }) =>
        people.editImage(image, { replacement: imageOf(seed, { modelId: 'another model' }) }, ACTOR),
  ),
  fc.tuple(imageId, classId).map(
    ([image, person]): Step =>
      ({ people }) =>
        people.editImage(image, { classId: person }, ACTOR),
  ),
  classId.map(
    (person): Step =>
      ({ people }) =>
        people.editPerson(person, { age: 7 }, ACTOR),
  ),
  imageId.map(
    (image): Step =>
      ({ people }) =>
        people.removeImage(image, ACTOR),
  ),
  classId.map(
    (person): Step =>
      ({ people }) =>
        people.removePerson(person, ACTOR),
  ),
  fc.boolean().map(
    (all): Step =>
      ({ people }) =>
        people.reset({ people: all, backup: 'none' }, ACTOR),
  ),
)

describeEachDatabase('the change log', (database) => {
  it('leads from any earlier state to the stored one, whatever was written', async () => {
    const records = await database.open()
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, limit) => {
          const earlier = await records.templates.revision()
          const state = await storedState(records, limit)
          for (const write of steps)
            await write(records).catch((error: unknown) => {
              if (!isRefusal(error)) throw error
            })
          const reached = await follow(records, state, earlier, limit)
          expect(reached).toBe(await records.templates.revision())
          expect(state).toEqual(await storedState(records, 3))
        },
      ),
      { seed: 20_260, numRuns: 40 },
    )
    expect((await records.audit.verify()).faults).toEqual([])
  })

  it('has no gap and misses nothing while many write and one follows', async () => {
    const records = await database.open()
    let writing = true
    const state: State = new Map()
    const follower = (async () => {
      let revision = 0
      while (writing) revision = await follow(records, state, revision, 7)
      return await follow(records, state, revision, 7)
    })()
    await Promise.all(
      Array.from({ length: 8 }, async (_, client) => {
        for (let n = 0; n < 12; n++) {
          const enrolled = await records.people.enrol(
            { classId: null, fields: fieldsOf('Ai') },
            [imageOf(client * 100 + n)],
            ACTOR,
          )
          if (n % 3 === 0) await records.people.removePerson(enrolled.person.classId, ACTOR)
        }
      }),
    )
    writing = false
    expect(await follower).toBe(await records.templates.revision())
    expect(state).toEqual(await storedState(records, 1_000))
    expect(state.size).toBe(8 * 8)
  })

  it('gives every template once and in order, in pages of a hundred where little was read before', async () => {
    const { people, templates } = await database.open()
    const images = Array.from({ length: 250 }, (_, seed) => imageOf(seed))
    const subject = { classId: null, fields: fieldsOf('Ai') }
    await people.enrolMany(
      images.map((image) => ({ subject, images: [image] })),
      ACTOR,
    )
    const pagesOf = async (pageSizeMax: number) => {
      const pages: number[][] = []
      for await (const page of templates.templates(MODEL, pageSizeMax)) pages.push(page.map(({ imageId }) => imageId))
      return pages
    }
    const pages = await pagesOf(2_000)
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50])
    expect(pages.flat()).toEqual(images.map((_, index) => index + 1))
    expect((await pagesOf(60)).map(({ length }) => length)).toEqual([60, 60, 60, 60, 10])
  })

  it('reads what is committed between its look at the changes and its look at the newest revision', async () => {
    const url = await database.newUrl()
    const { people } = await database.open({ url })
    const dialect = database.kind === 'mysql' ? mysqlDatabase(new URL(url), MYSQL_OPTIONS) : sqliteDatabase(url)
    const opened = await Database.connect(dialect, () => new Date())
    let reads = 0
    const read: Database['read'] = async (work) => {
      if (++reads === 2) await people.enrol({ classId: null, fields: fieldsOf('Ai') }, [imageOf(1)], ACTOR)
      return await opened.read(work)
    }
    const log = templateLog({ read, write: (work) => opened.write(work), seal: null }, () => {})
    expect((await log.changesAfter(0, MODEL, 10)).map(({ revision }) => revision)).toEqual([1])
    await opened.close()
  })

  it('says when it does not reach back, or is asked about revisions to come', async () => {
    const { people, templates } = await database.open()
    for (let n = 1; n <= 5; n++) await people.enrol({ classId: null, fields: fieldsOf('Ai') }, [imageOf(n)], ACTOR)
    expect(await templates.pruneChanges(2)).toBe(3)
    expect((await templates.changesAfter(3, MODEL, 10)).map(({ revision }) => revision)).toEqual([4, 5])
    await expect(templates.changesAfter(2, MODEL, 10)).rejects.toThrow(ChangesGone)
    await expect(templates.changesAfter(6, MODEL, 10)).rejects.toThrow(ChangesGone)
    expect(await templates.changesAfter(5, MODEL, 10)).toEqual([])
    expect(await templates.pruneChanges(0)).toBe(2)
    await expect(templates.changesAfter(4, MODEL, 10)).rejects.toThrow(ChangesGone)
    expect(await templates.changesAfter(5, MODEL, 10)).toEqual([])
  })

  it('never gives out a template whose bits were changed, or that was moved to another image', async () => {
    const url = await database.newUrl()
    const damaged: number[] = []
    const { people, templates } = await database.open({ url, onDamagedTemplate: (image) => damaged.push(image) })
    await people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1), imageOf(2), imageOf(3)], ACTOR)
    const flipped = Buffer.from(templateOf(1).buffer)
    flipped[5] = (flipped[5] ?? 0) ^ 1
    await rawSql(url, 'update template set vector = ? where image_id = 1', [flipped])
    const [three] = await rawSql(url, 'select vector, checksum from template where image_id = 3')
    await rawSql(url, 'update template set vector = ?, checksum = ? where image_id = 2', [
      three?.vector,
      three?.checksum,
    ])
    for await (const page of templates.templates(MODEL, 10)) expect(page.map(({ imageId: id }) => id)).toEqual([3])
    expect((await templates.changesAfter(0, MODEL, 10)).map(({ kind }) => kind)).toEqual(['remove', 'remove', 'put'])
    expect([...(await people.matches([1, 2, 3], MODEL)).keys()]).toEqual([3])
    expect((await people.templatesOf(1, MODEL)).map(({ imageId: id }) => id)).toEqual([3])
    expect(new Set(damaged)).toEqual(new Set([1, 2]))
  })
})
