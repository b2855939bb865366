import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import type { NewImage, Records } from '../../domain/records.ts'
import { readBackup } from '../backup/read-backup.ts'

const ACTOR = { username: null, address: null, requestId: null }
const MODEL = 'old'

function image(oldId: string, imageId?: number): NewImage {
  return {
    oldId,
    ...(imageId === undefined ? {} : { imageId }),
    label: oldId,
    template: new Float32Array([1, 0]),
    modelId: MODEL,
    photoSha256: null,
    crop: null,
    quality: null,
  }
}

async function enrol(records: Records, classId: number, ...images: NewImage[]): Promise<void> {
  const fields = { name: `Person ${classId}`, age: null, gender: 'male', residence: null }
  await records.people.enrolMany([{ subject: { classId, fields }, images }], ACTOR)
}

describeEachDatabase('what imports look up', (database) => {
  it('is the people and image ids there are, and what images were called before', async () => {
    const records = await database.open()
    await enrol(records, 3, image('3_0'), image('17', 17))
    await enrol(records, 4, image('a_0'), image('A_0'))
    const people = await records.imports.people([3, 4, 5])
    expect([...people.keys()].sort()).toEqual([3, 4])
    expect(people.get(3)).toEqual({ classId: 3, name: 'Person 3', age: null, gender: 'male', residence: null })
    const imported = await records.imports.importedImages(MODEL, ['3_0', '17', 'A_0', '3_1'])
    expect([...imported.keys()].sort()).toEqual(['17', '3_0', 'A_0'])
    expect(imported.get('17')).toBe(17)
    expect((await records.people.image(imported.get('A_0') ?? 0))?.label).toBe('A_0')
    expect(await records.imports.importedImages('another', ['17'])).toEqual(new Map())
    expect(await records.imports.takenImageIds([16, 17])).toEqual(new Set([17]))
    expect(await records.imports.people([])).toEqual(new Map())
  })

  it('refuses to store an image of another system twice, and stores nothing of that call', async () => {
    const records = await database.open()
    await enrol(records, 1, image('1_0'))
    await expect(enrol(records, 2, image('2_0'), image('1_0'))).rejects.toThrow()
    expect(await records.people.person(2)).toBeNull()
  })

  it('forgets what an image was called with the image, its person, or everything', async () => {
    const records = await database.open()
    await enrol(records, 1, image('1_0', 10))
    await enrol(records, 2, image('2_0', 20))
    await enrol(records, 3, image('3_0', 30))
    const known = async () => [...(await records.imports.importedImages(MODEL, ['1_0', '2_0', '3_0'])).keys()]
    await records.people.removeImage(10, ACTOR)
    expect((await known()).sort()).toEqual(['2_0', '3_0'])
    await records.people.removePerson(2, ACTOR)
    expect(await known()).toEqual(['3_0'])
    const backup = await records.backup()
    await records.people.reset({ people: true, backup }, ACTOR)
    expect(await known()).toEqual([])
    const saved: unknown[] = []
    for await (const { table, values } of readBackup({
      path: join(database.folder(), 'backups', backup),
      seal: null,
    }))
      if (table.name === 'imported_image') saved.push(values)
    expect(saved).toEqual([['3_0', MODEL, 30]])
  })
})
