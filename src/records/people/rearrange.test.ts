import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import { expectRefusal } from '../../../test/records/expect-refusal.ts'
import { ACTOR, fieldsOf, imageOf, MODEL } from '../../../test/records/samples.ts'

const FIRST_PAGE = { page: 1, pageSize: 50 }

describeEachDatabase('rearranging', (database) => {
  const open = async () => {
    const records = await database.open()
    await records.people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1), imageOf(2)], ACTOR)
    await records.people.enrol({ classId: 2, fields: fieldsOf('An (2)') }, [imageOf(2), imageOf(3)], ACTOR)
    return records
  }

  it('makes two people one, without a photo twice, and lets the gallery follow', async () => {
    const records = await open()
    const { people } = records
    await people.editPerson(2, { residence: 'Huế' }, ACTOR)
    const before = await records.templates.revision()
    const merged = await people.mergePeople(2, 1, ACTOR)
    expect(merged).toMatchObject({ person: { classId: 1, name: 'An' }, imageIdsMoved: [4], imagesRemoved: 1 })
    expect(await people.imageIdsOf(1)).toEqual([1, 2, 4])
    expect(await people.person(2)).toBeNull()
    expect(await people.image(3)).toBeNull()
    const changes = await records.templates.changesAfter(before, MODEL, 10)
    expect(changes).toMatchObject([
      { kind: 'put', imageId: 4, classId: 1 },
      { kind: 'remove', imageId: 3 },
      { kind: 'none', revision: merged.revision },
    ])
  })

  it('leaves nothing of the one who ended in the audit log, whose chain stays whole', async () => {
    const records = await open()
    await records.people.editPerson(2, { name: 'Bình' }, ACTOR)
    await records.people.mergePeople(2, 1, ACTOR)
    const { rows } = await records.audit.list({}, FIRST_PAGE)
    expect(rows.map(({ action, target, details }) => ({ action, target, details }))).toMatchObject([
      { action: 'merge-people', target: 'person:2', details: { into: 1, imageIds: [4], imagesRemoved: 1 } },
      { action: 'edit-person', target: 'person:2', details: {} },
      { action: 'enrol', target: 'person:2', details: {} },
      { action: 'enrol', target: 'person:1' },
    ])
    expect(JSON.stringify(rows)).not.toContain('Bình')
    expect((await records.audit.verify()).faults).toEqual([])
  })

  it('makes images those of a new person, under a chosen id or the next one', async () => {
    const records = await open()
    const { people } = records
    const before = await records.templates.revision()
    const chosen = { classId: 9, fields: fieldsOf('Chi') }
    const { person, revision } = await people.splitPerson(1, [2], chosen, ACTOR)
    expect(person).toEqual({ classId: 9, ...fieldsOf('Chi') })
    expect(await people.imageIdsOf(9)).toEqual([2])
    expect(await people.imageIdsOf(1)).toEqual([1])
    expect(await records.templates.changesAfter(before, MODEL, 10)).toMatchObject([
      { kind: 'put', imageId: 2, classId: 9, revision },
    ])
    const next = await people.splitPerson(1, [1], { classId: null, fields: fieldsOf('Dung') }, ACTOR)
    expect(next.person.classId).toBeGreaterThan(9)
    expect((await people.listPeople('chi', FIRST_PAGE)).total).toBe(1)
  })

  it('undoes a merge by a split', async () => {
    const { people } = await open()
    const second = await people.person(2)
    const { imageIdsMoved } = await people.mergePeople(2, 1, ACTOR)
    const { person } = await people.splitPerson(1, imageIdsMoved, { classId: 2, fields: fieldsOf('An (2)') }, ACTOR)
    expect(person).toEqual(second)
    expect(await people.imageIdsOf(2)).toEqual([4])
  })

  it('refuses people and images that are not there, and changes nothing', async () => {
    const { people } = await open()
    const newcomer = { classId: null, fields: fieldsOf('Em') }
    await expectRefusal(people.mergePeople(2, 3, ACTOR), 'person-not-found')
    await expectRefusal(people.mergePeople(3, 1, ACTOR), 'person-not-found')
    await expectRefusal(people.splitPerson(3, [1], newcomer, ACTOR), 'person-not-found')
    await expectRefusal(people.splitPerson(1, [1, 3], newcomer, ACTOR), 'image-not-found')
    await expectRefusal(people.splitPerson(1, [1], { ...newcomer, classId: 2 }, ACTOR), 'field-invalid')
    expect(await people.imageIdsOf(1)).toEqual([1, 2])
    expect((await people.listPeople('', FIRST_PAGE)).total).toBe(2)
  })

  it('is one or the other where two merge at once', async () => {
    const { people } = await open()
    const outcomes = await Promise.allSettled([people.mergePeople(1, 2, ACTOR), people.mergePeople(2, 1, ACTOR)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const { rows } = await people.listPeople('', FIRST_PAGE)
    expect(rows).toMatchObject([{ imageCount: 3 }])
  })
})

describeEachDatabase('the order of people', (database) => {
  it('is by name without accents, by age with the unknown last, by change, and by id where those are equal', async () => {
    let now = 1_000_000
    const { people } = await database.open({ clock: () => new Date(now++) })
    const names = ['Đỗ An', 'bình', 'Ân', 'Dung', 'Bình']
    const ages = [30, null, 7, 30, 61]
    for (const [at, name] of names.entries())
      await people.enrol({ classId: null, fields: fieldsOf(name, { age: ages[at] ?? null }) }, [], ACTOR)
    const idsBy = async (sortBy: 'class_id' | 'name' | 'age' | 'updated', descending = false) =>
      (await people.listPeople('', FIRST_PAGE, { sortBy, descending })).rows.map(({ classId }) => classId)
    expect(await idsBy('name')).toEqual([3, 2, 5, 1, 4])
    expect(await idsBy('age')).toEqual([3, 1, 4, 5, 2])
    expect(await idsBy('age', true)).toEqual([5, 4, 1, 3, 2])
    expect(await idsBy('class_id', true)).toEqual([5, 4, 3, 2, 1])
    await people.editPerson(3, { age: 8 }, ACTOR)
    expect((await idsBy('updated', true))[0]).toBe(3)
  })
})
