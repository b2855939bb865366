import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import { expectRefusal } from '../../../test/records/expect-refusal.ts'
import { rawSql } from '../../../test/records/raw-sql.ts'
import { ACTOR, fieldsOf, imageOf, MODEL, photoOf, templateOf } from '../../../test/records/samples.ts'
import { isRefusal } from '../../domain/errors.ts'
import type { Records } from '../../domain/records.ts'

const FIRST_PAGE = { page: 1, pageSize: 50 }

async function idsFound(records: Records, text: string): Promise<readonly number[]> {
  const { rows } = await records.people.listPeople(text, FIRST_PAGE)
  return rows.map(({ classId }) => classId)
}

describeEachDatabase('people', (database) => {
  it('are enrolled, read back, and matched with their templates', async () => {
    const { people } = await database.open()
    const enrolled = await people.enrol(
      { classId: null, fields: fieldsOf('Lê Thị Hồng 🌸') },
      [imageOf(1), imageOf(2)],
      ACTOR,
    )
    const { classId } = enrolled.person
    expect(enrolled).toMatchObject({ createdPerson: true, revision: 2, imageIds: [1, 2] })
    expect(await people.person(classId)).toEqual({ classId, ...fieldsOf('Lê Thị Hồng 🌸') })
    expect(await people.imageIdsOf(classId)).toEqual([1, 2])
    const match = (await people.matches([2, 99], MODEL)).get(2)
    expect(match?.template).toEqual(templateOf(2))
    expect(match?.person.name).toBe('Lê Thị Hồng 🌸')
    expect((await people.matches([1, 2], 'another model')).size).toBe(0)
    expect(await people.templatesOf(classId, MODEL)).toEqual([
      { imageId: 1, template: templateOf(1) },
      { imageId: 2, template: templateOf(2) },
    ])
    expect(Buffer.from((await people.crop(2)) ?? [])).toEqual(Buffer.from([0xff, 0xd8, 2]))
    expect((await people.imagesOfPhoto(photoOf(1))).map(({ imageId }) => imageId)).toEqual([1])
  })

  it('are not given the same photo twice, whoever asks at the same time', async () => {
    const { people } = await database.open()
    const { person } = await people.enrol({ classId: null, fields: fieldsOf('An') }, [imageOf(1)], ACTOR)
    const again = { classId: person.classId, changes: {} }
    const both = await Promise.all([
      people.enrol(again, [imageOf(1), imageOf(2)], ACTOR),
      people.enrol(again, [imageOf(2), imageOf(2)], ACTOR),
    ])
    expect(await people.imageIdsOf(person.classId)).toHaveLength(2)
    const [, second] = both[0].imageIds
    expect(both[0].imageIds).toEqual([1, second])
    expect(both[1].imageIds).toEqual([second, second])
  })

  it('are found without regard to case, accents and Unicode form, and wildcards are letters', async () => {
    const records = await database.open()
    const names = [
      'Nguyễn Văn An',
      'NGUYÊN',
      'Đặng 100% Thật',
      'under_score',
      'back\\slash',
      "Robert'); DROP TABLE nguoi;--",
    ]
    for (const name of names)
      await records.people.enrol({ classId: null, fields: fieldsOf(name, { age: 41, residence: 'Huế' }) }, [], ACTOR)
    expect(await idsFound(records, 'nguyen')).toEqual([1, 2])
    expect(await idsFound(records, 'Nguyễn'.normalize('NFD'))).toEqual([1, 2])
    expect(await idsFound(records, 'dang 100')).toEqual([3])
    expect(await idsFound(records, '%')).toEqual([3])
    expect(await idsFound(records, '_')).toEqual([4])
    expect(await idsFound(records, '\\')).toEqual([5])
    expect(await idsFound(records, "') OR 1=1 --")).toEqual([])
    expect(await idsFound(records, "'); drop table")).toEqual([6])
    expect(await idsFound(records, 'hue')).toHaveLength(names.length)
    expect(await idsFound(records, '41')).toHaveLength(names.length)
    expect(await idsFound(records, '6')).toEqual([6])
    expect(await idsFound(records, '')).toHaveLength(names.length)
  })

  it('are listed in pages with the number of their images', async () => {
    const { people } = await database.open()
    for (let n = 1; n <= 5; n++)
      await people.enrol(
        { classId: null, fields: fieldsOf(`Bình ${n}`) },
        n % 2 ? [imageOf(n), imageOf(n + 100)] : [],
        ACTOR,
      )
    const { rows, total } = await people.listPeople('binh', { page: 2, pageSize: 2 })
    expect(total).toBe(5)
    expect(rows.map(({ classId, imageCount }) => [classId, imageCount])).toEqual([
      [3, 2],
      [4, 0],
    ])
    expect(await people.listPeople('binh', { page: 1_000_000, pageSize: 100 })).toEqual({ rows: [], total: 5 })
    const images = await people.listImages({ ...FIRST_PAGE, classId: null, sortBy: 'image_path', descending: true })
    expect(images.rows.map(({ label }) => label)).toEqual(
      ['photo-1.jpg', 'photo-101.jpg', 'photo-103.jpg', 'photo-105.jpg', 'photo-3.jpg', 'photo-5.jpg'].reverse(),
    )
    expect((await people.listImages({ ...FIRST_PAGE, classId: 3, sortBy: 'created', descending: false })).total).toBe(2)
  })

  it('keep their gender in the words of the old system, and words it does not know', async () => {
    const { people } = await database.open()
    for (const gender of ['male', 'female', 'other', 'không rõ', null]) {
      const { person } = await people.enrol({ classId: null, fields: fieldsOf('An', { gender }) }, [], ACTOR)
      expect((await people.person(person.classId))?.gender).toBe(gender)
    }
  })

  it('are changed by two editors at once without losing a change', async () => {
    const records = await database.open()
    const { people } = records
    await people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1)], ACTOR)
    await Promise.all([
      people.editPerson(1, { age: 50 }, ACTOR),
      people.editPerson(1, { residence: 'Huế' }, { ...ACTOR, username: 'other' }),
      people.editImage(1, { label: 'renamed', personChanges: { gender: 'male' } }, ACTOR),
    ])
    expect(await people.person(1)).toEqual({ classId: 1, name: 'An', age: 50, gender: 'male', residence: 'Huế' })
    expect(await idsFound(records, 'hue')).toEqual([1])
    const [edit] = (await records.audit.list({ action: 'edit-person', username: 'other' }, FIRST_PAGE)).rows
    expect(edit?.details).toEqual({ before: { residence: 'Đà Nẵng' }, after: { residence: 'Huế' } })
  })

  it('are removed while others enrol them: each enrolment is whole or refused', async () => {
    const records = await database.open()
    const { people } = records
    for (let round = 0; round < 5; round++) {
      await people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1)], ACTOR)
      const outcomes = await Promise.all([
        ...Array.from({ length: 4 }, (_, n) =>
          people.enrol({ classId: 1, changes: {} }, [imageOf(10 + n)], ACTOR).catch((error: unknown) => error),
        ),
        people.removePerson(1, ACTOR),
      ])
      for (const outcome of outcomes)
        if (outcome instanceof Error) expect(isRefusal(outcome, 'person-not-found')).toBe(true)
      expect(await records.templates.counts(MODEL)).toEqual({ images: 0, people: 0, templates: 0, labels: 0 })
    }
  })

  it('lose an image, or move one, and the photo of an image can be another', async () => {
    const { people } = await database.open()
    await people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1), imageOf(2)], ACTOR)
    await people.enrol({ classId: 2, fields: fieldsOf('Bình') }, [imageOf(3)], ACTOR)
    const replaced = await people.editImage(1, { replacement: imageOf(7, { crop: null }) }, ACTOR)
    expect(replaced.image.imageId).toBe(1)
    expect((await people.matches([1], MODEL)).get(1)?.template).toEqual(templateOf(7))
    expect(await people.crop(1)).toBeNull()
    expect((await people.editImage(1, { classId: 2 }, ACTOR)).person.name).toBe('Bình')
    expect(await people.imageIdsOf(2)).toEqual([1, 3])
    await expectRefusal(people.editImage(2, { replacement: imageOf(3), classId: 2 }, ACTOR), 'already-enrolled')
    await expectRefusal(people.editImage(2, { classId: 77 }, ACTOR), 'person-not-found')
    await expectRefusal(people.editImage(77, { label: 'x' }, ACTOR), 'image-not-found')
    expect(await people.removeImage(3, ACTOR)).toMatchObject({ classId: 2 })
    await expectRefusal(people.removeImage(3, ACTOR), 'image-not-found')
    await expectRefusal(people.removePerson(3, ACTOR), 'person-not-found')
    expect(await people.imageIdsOf(2)).toEqual([1])
  })

  it('are all removed by a reset, or keep their names where only images go', async () => {
    const records = await database.open()
    const { people } = records
    await people.enrol({ classId: 1, fields: fieldsOf('An') }, [imageOf(1), imageOf(2)], ACTOR)
    const images = await people.reset({ people: false, backup: 'b.gz' }, ACTOR)
    expect(images).toMatchObject({ imagesRemoved: 2, peopleRemoved: 0 })
    expect(await idsFound(records, 'an')).toEqual([1])
    expect(await people.reset({ people: true, backup: 'b.gz' }, ACTOR)).toMatchObject({
      imagesRemoved: 0,
      peopleRemoved: 1,
    })
    expect(await idsFound(records, '')).toEqual([])
    const next = await people.enrol({ classId: null, fields: fieldsOf('Next') }, [imageOf(1)], ACTOR)
    expect([next.person.classId, ...next.imageIds]).toEqual([2, 3])
  })

  it('leave nothing of themselves behind when they are removed', async () => {
    const url = await database.newUrl()
    const { people } = await database.open({ url })
    const crop = Buffer.from('a crop that is easy to find in any file')
    const label = 'Người Bị Xóa.jpg'
    await people.enrol(
      { classId: 1, fields: fieldsOf('Người Bị Xóa') },
      [imageOf(1, { crop, label, oldId: '1_0' })],
      ACTOR,
    )
    await people.enrol({ classId: 2, fields: fieldsOf('Khác') }, [imageOf(2)], ACTOR)
    await people.editPerson(1, { residence: 'Nơi Bị Xóa' }, ACTOR)
    await people.removePerson(1, ACTOR)
    for (const table of ['nguoi', 'image', 'template', 'crop', 'imported_image', 'audit', 'change_log'])
      expect(JSON.stringify(await rawSql(url, `select * from ${table}`)), table).not.toMatch(/Bị Xóa|nguoi bi xoa|1_0/)
    for (const table of ['image', 'template', 'crop'])
      expect(await rawSql(url, `select image_id from ${table} where image_id <> 2`), table).toEqual([])
    if (database.kind !== 'sqlite') return
    const traces = [crop, Buffer.from('Bị Xóa'), Buffer.from('nguoi bi xoa'), Buffer.from(templateOf(1).buffer)]
    for (const file of [url, `${url}-wal`]) {
      const bytes = await readFile(file)
      expect(
        traces.map((trace) => bytes.includes(trace)),
        file,
      ).toEqual([false, false, false, false])
    }
  })
})
