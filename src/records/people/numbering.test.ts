import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import { expectRefusal } from '../../../test/records/expect-refusal.ts'
import { ACTOR, fieldsOf, imageOf } from '../../../test/records/samples.ts'
import { isRefusal } from '../../domain/errors.ts'
import { CLASS_ID_MAX, IMAGE_ID_MAX } from '../../domain/person.ts'

const FIRST_PAGE = { page: 1, pageSize: 50 }

describeEachDatabase('people', (database) => {
  it('get ids that count on from chosen ones, and none twice', async () => {
    const { people } = await database.open()
    await people.enrol({ classId: 40, fields: fieldsOf('Forty') }, [imageOf(1, { imageId: 500 })], ACTOR)
    const next = await people.enrol({ classId: null, fields: fieldsOf('Next') }, [imageOf(2)], ACTOR)
    expect([next.person.classId, ...next.imageIds]).toEqual([41, 501])
    await people.removePerson(41, ACTOR)
    const after = await people.enrol({ classId: null, fields: fieldsOf('After') }, [imageOf(3)], ACTOR)
    expect([after.person.classId, ...after.imageIds]).toEqual([42, 502])
  })

  it('may have the highest ids without using up the range', async () => {
    const { people } = await database.open()
    const top = await people.enrol(
      { classId: CLASS_ID_MAX, fields: fieldsOf('Top') },
      [imageOf(1, { imageId: IMAGE_ID_MAX })],
      ACTOR,
    )
    expect([top.person.classId, ...top.imageIds]).toEqual([CLASS_ID_MAX, IMAGE_ID_MAX])
    expect((await people.image(IMAGE_ID_MAX))?.classId).toBe(CLASS_ID_MAX)
    const next = await people.enrol({ classId: null, fields: fieldsOf('Next') }, [imageOf(2)], ACTOR)
    expect([next.person.classId, ...next.imageIds]).toEqual([1, 1])
  })

  it('are refused ids that are taken, and then nothing is stored', async () => {
    const records = await database.open()
    const { people } = records
    await people.enrol({ classId: 5, fields: fieldsOf('Five') }, [imageOf(1, { imageId: 9 })], ACTOR)
    const before = await records.templates.revision()
    await expectRefusal(
      people.enrol({ classId: null, fields: fieldsOf('Six') }, [imageOf(2, { imageId: 9 })], ACTOR),
      'image-id-taken',
    )
    await expectRefusal(people.enrol({ classId: 5, fields: fieldsOf('Six') }, [imageOf(2)], ACTOR), 'field-invalid')
    await expectRefusal(people.enrol({ classId: 6, changes: { name: 'Six' } }, [imageOf(2)], ACTOR), 'person-not-found')
    expect(await records.templates.revision()).toBe(before)
    expect((await people.listPeople('', FIRST_PAGE)).rows.map(({ classId }) => classId)).toEqual([5])
    expect((await records.audit.list({}, FIRST_PAGE)).total).toBe(1)
  })

  it('get ids past those that others chose meanwhile', async () => {
    const { people } = await database.open()
    const chosen = Array.from({ length: 10 }, (_, n) => n + 1)
    const results = await Promise.all(
      chosen.flatMap((id) => [
        people
          .enrol({ classId: id, fields: fieldsOf(`Chosen ${id}`) }, [imageOf(id, { imageId: id })], ACTOR)
          .catch((error: unknown) => error),
        people.enrol({ classId: null, fields: fieldsOf('Counted') }, [imageOf(100 + id)], ACTOR),
      ]),
    )
    const faults = results.filter((result) => result instanceof Error && !isRefusal(result))
    expect(faults).toEqual([])
    const refused = results.filter((result) => isRefusal(result)).length
    expect((await people.listPeople('', FIRST_PAGE)).total).toBe(20 - refused)
    expect((await people.listPeople('counted', FIRST_PAGE)).total).toBe(10)
  })
})
