import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OldSystemFiles, type OldSystemWish, writeOldSystems } from '../../test/python/old-system.ts'
import { describeEachDatabase } from '../../test/records/each-database.ts'
import type { Records } from '../domain/records.ts'
import { importImages } from './import-images.ts'
import { importPeople } from './import-people.ts'
import { openOldIndex } from './old-index.ts'

const ACTOR = { username: null, address: null, requestId: null }
const COLUMNS = 8
const PACK = { name: 'r18', modelId: 'r18.arcface-112', dimension: COLUMNS }

async function importFrom(records: Records, files: { index: string; archive: string }, dryRun = false) {
  const index = await openOldIndex(files.index, files.archive)
  const progress: number[] = []
  try {
    const parts = { people: records.people, imports: records.imports, actor: ACTOR }
    const report = await importImages(parts, index, { pack: PACK, dryRun, onProgress: (done) => progress.push(done) })
    return { report, progress, source: index.source }
  } finally {
    await index.close()
  }
}

/** Every old system that these tests move in from, by name; all are written by one run of Python. */
const OLD_SYSTEMS = {
  ordinary: {},
  large: { rows: 2_500, classId: 'i % 700 + 1' },
  numbered: { imageId: 'i + 5' },
  damaged: {
    dtype: 'object',
    edit: `
vectors[0] = 0
vectors[1, 0] = np.nan
vectors[2] *= 1.01
arrays['class_ids'][3] = 'nobody'
arrays['class_ids'][4] = None
arrays['image_ids'][6] = arrays['image_ids'][5]
arrays['image_ids'][7] = ''
arrays['class_ids'][8] = 0
arrays['image_paths'][9] = 'a' * 300
arrays['image_paths'][10] = 'a\\x1bb'`,
  },
  compressed: { compressed: true },
  'with ids as pickled objects': { dtype: 'object' },
  'with ids as fixed-width text': { dtype: '<U80' },
  'without embeddings': { edit: "del arrays['embeddings']" },
  'with empty embeddings': { edit: "arrays['embeddings'] = np.zeros((0, columns), dtype='f4')" },
  'with embeddings of float64': { edit: "arrays['embeddings'] = vectors.astype('f8')" },
  'without paths': { edit: "del arrays['image_paths']" },
  'with an id too few': { edit: "arrays['image_ids'] = arrays['image_ids'][:-1]" },
  'without class ids': { edit: "del arrays['class_ids']" },
  'with an embedding too few': { edit: "arrays['embeddings'] = vectors[:-1]" },
  'with shorter embeddings': { edit: "arrays['embeddings'] = vectors[:, :4].copy()" },
  'with embeddings in Fortran order': { edit: "arrays['embeddings'] = np.asfortranarray(vectors)" },
  'with an index of distances': { edit: 'index = faiss.IndexFlatL2(columns)' },
} as const satisfies Readonly<Record<string, Partial<OldSystemWish>>>
type OldSystemName = keyof typeof OLD_SYSTEMS

let folder: string
const written = new Map<string, OldSystemFiles>()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-old-system-'))
  const wishes = Object.values(OLD_SYSTEMS).map((wish) => ({ rows: 30, columns: COLUMNS, ...wish }))
  const files = await writeOldSystems(folder, wishes)
  Object.keys(OLD_SYSTEMS).forEach((name, position) => {
    const own = files[position]
    if (own !== undefined) written.set(name, own)
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function oldSystem(name: OldSystemName) {
  const files = written.get(name)
  if (files === undefined) throw new Error(`${name} was not written`)
  const floats = new Float32Array(new Uint8Array(await readFile(files.vectors)).buffer)
  return { ...files, vector: (row: number) => [...floats.subarray(row * COLUMNS, (row + 1) * COLUMNS)] }
}

const NOTHING_SKIPPED = { renumbered: 30, known: 0, createdPeople: 10, skipped: [] }

describeEachDatabase('moving in', (database) => {
  it('brings every vector in once, under the people it is of', async () => {
    const records = await database.open()
    const files = await oldSystem('large')
    const { report, progress, source } = await importFrom(records, files)
    expect(source).toBe('embeddings')
    expect(report).toEqual({ imported: 2_500, renumbered: 2_500, known: 0, createdPeople: 700, skipped: [] })
    expect(progress).toEqual([1_000, 2_000, 2_500])
    expect(await records.people.person(700)).toMatchObject({ name: 'class_id 700', age: null })
    const images = await records.imports.importedImages(PACK.modelId, ['0_0', '833_0'])
    expect(images.size).toBe(2)
    for (const [oldId, row] of [
      ['0_0', 0],
      ['833_0', 2_499],
    ] as const) {
      const imageId = images.get(oldId) ?? 0
      const match = (await records.people.matches([imageId], PACK.modelId)).get(imageId)
      expect(match?.image).toMatchObject({ classId: (row % 700) + 1, label: `anh/người ${row}.jpg` })
      expect([...(match?.template ?? [])]).toEqual(files.vector(row))
    }
    const again = await importFrom(records, files)
    expect(again.report).toEqual({ imported: 0, renumbered: 0, known: 2_500, createdPeople: 0, skipped: [] })
    expect(await records.templates.counts(PACK.modelId)).toMatchObject({ templates: 2_500, people: 700 })
    expect((await records.audit.verify()).faults).toEqual([])
  })

  it('goes on where it was interrupted', async () => {
    const records = await database.open()
    const files = await oldSystem('large')
    let calls = 0
    const enrolMany: Records['people']['enrolMany'] = (...args) => {
      if (++calls === 2) throw new Error('killed')
      return records.people.enrolMany(...args)
    }
    const interrupted = { ...records, people: { ...records.people, enrolMany } }
    await expect(importFrom(interrupted, files)).rejects.toThrow('killed')
    const { report } = await importFrom(records, files)
    expect([report.known, report.imported]).toEqual([1_000, 1_500])
    expect(await records.templates.counts(PACK.modelId)).toMatchObject({ templates: 2_500, people: 700 })
  })

  it('keeps people who are known, and ids that are whole numbers and free', async () => {
    const records = await database.open()
    const parts = { people: records.people, imports: records.imports, actor: ACTOR }
    const known = { classId: 2, name: 'Lê Hai', age: 20, gender: 'female', residence: 'Huế' }
    const quietly = { update: false, dryRun: false, onProgress: () => undefined }
    await importPeople(parts, [{ line: 2, person: known }], quietly)
    const own = {
      imageId: 7,
      label: 'own',
      template: Float32Array.from({ length: COLUMNS }, (_, i) => (i === 0 ? 1 : 0)),
    }
    const unknown = { modelId: PACK.modelId, photoSha256: null, crop: null, quality: null }
    await records.people.enrol({ classId: 2, changes: {} }, [{ ...own, ...unknown }], ACTOR)
    const files = await oldSystem('numbered')
    const { report } = await importFrom(records, files)
    expect(report).toEqual({ imported: 30, renumbered: 1, known: 0, createdPeople: 9, skipped: [] })
    expect(await records.people.person(2)).toEqual(known)
    expect((await records.people.image(7))?.label).toBe('own')
    expect((await records.people.image(34))?.label).toBe('anh/người 29.jpg')
    const mapped = await records.imports.importedImages(PACK.modelId, ['7', '34'])
    expect(mapped.get('34')).toBe(34)
    expect((await records.people.image(mapped.get('7') ?? 0))?.label).toBe('anh/người 2.jpg')
    // Numbers given out from now on are new ones.
    const next = await records.people.enrol(
      { classId: 2, changes: {} },
      [{ ...unknown, label: '', template: own.template }],
      ACTOR,
    )
    expect(next.imageIds[0]).toBeGreaterThan(34)
  })

  it('lists rows that can not be taken, and takes the others', async () => {
    const records = await database.open()
    const files = await oldSystem('damaged')
    const { report } = await importFrom(records, files)
    expect(report.imported).toBe(21)
    expect(report.skipped).toEqual([
      { row: 'row 0 ("0_0")', reason: 'its vector is zero' },
      { row: 'row 1 ("0_1")', reason: 'its vector has a value that is NaN' },
      { row: 'row 2 ("0_2")', reason: 'its vector has the norm 1.010, not 1' },
      { row: 'row 3 ("1_0")', reason: 'its class id "nobody" is no whole number from 1 to 2147483647' },
      { row: 'row 4 ("1_1")', reason: 'its class id "" is no whole number from 1 to 2147483647' },
      { row: 'row 6 ("1_2")', reason: 'row 5 has the same image id' },
      { row: 'row 7 ("")', reason: 'its image id is empty or too long' },
      { row: 'row 8 ("2_2")', reason: 'its class id "0" is no whole number from 1 to 2147483647' },
      { row: 'row 10 ("3_1")', reason: 'its image_path has control-characters' },
    ])
  })

  it('writes nothing in a dry run', async () => {
    const records = await database.open()
    const { report } = await importFrom(records, await oldSystem('ordinary'), true)
    expect(report).toEqual({ imported: 30, ...NOTHING_SKIPPED })
    expect(await records.templates.revision()).toBe(0)
    expect((await records.people.listPeople('', { page: 1, pageSize: 1 })).total).toBe(0)
  })

  it('adds people, tells which are known, and changes them only when told to', async () => {
    const records = await database.open()
    const parts = { people: records.people, imports: records.imports, actor: ACTOR }
    const person = (classId: number, name: string) => ({
      line: classId + 1,
      person: { classId, name, age: null, gender: 'male', residence: null },
    })
    const wish = { update: false, dryRun: false, onProgress: () => undefined }
    const first = await importPeople(parts, [person(1, 'An'), person(5, 'Bình')], wish)
    expect(first).toEqual({ created: 2, updated: 0, unchanged: 0, skipped: [] })
    const later = [person(1, 'An'), person(5, 'Bình Minh'), person(6, 'Chi')]
    expect(await importPeople(parts, later, { ...wish, dryRun: true, update: true })).toMatchObject({
      created: 1,
      updated: 1,
    })
    expect(await importPeople(parts, later, wish)).toEqual({
      created: 1,
      updated: 0,
      unchanged: 1,
      skipped: [{ row: 'line 6', reason: 'class_id 5 is known; --update changes it' }],
    })
    expect((await records.people.person(5))?.name).toBe('Bình')
    expect(await importPeople(parts, later, { ...wish, update: true })).toMatchObject({ updated: 1, unchanged: 2 })
    expect((await records.people.person(5))?.name).toBe('Bình Minh')
    const [edit] = (await records.audit.list({ action: 'edit-person' }, { page: 1, pageSize: 5 })).rows
    expect(edit?.details).toMatchObject({ before: { name: 'Bình' }, after: { name: 'Bình Minh' } })
  })
})

describe('what the old system wrote', () => {
  it.each<[OldSystemName, string]>([
    ['compressed', 'embeddings'],
    ['with ids as pickled objects', 'embeddings'],
    ['with ids as fixed-width text', 'embeddings'],
    ['without embeddings', 'index'],
    ['with empty embeddings', 'index'],
    ['with embeddings of float64', 'embeddings'],
    ['without paths', 'embeddings'],
  ])('is read %s', async (name, source) => {
    const { index, archive, vector } = await oldSystem(name)
    const old = await openOldIndex(index, archive)
    expect([old.source, old.rows, old.columns]).toEqual([source, 30, COLUMNS])
    expect(old.imageIds.map(String)).toEqual(Array.from({ length: 30 }, (_, i) => `${Math.floor(i / 3)}_${i % 3}`))
    expect(old.classIds.map(Number)).toEqual(Array.from({ length: 30 }, (_, i) => Math.floor(i / 3) + 1))
    let row = 0
    for await (const batch of old.batches(7))
      for (let at = 0; at < batch.length; at += COLUMNS)
        expect([...batch.subarray(at, at + COLUMNS)]).toEqual(vector(row++))
    expect(row).toBe(30)
    await old.close()
  })

  it.each<[OldSystemName, string]>([
    ['with an id too few', 'has 29 image_ids, but the index has 30 vectors'],
    ['without class ids', 'has no array class_ids'],
    ['with an embedding too few', 'has 29 rows, but the index has 30 vectors'],
    ['with shorter embeddings', 'has embeddings of 4 values, the index has 8'],
    ['with embeddings in Fortran order', 'Fortran order'],
    ['with an index of distances', 'is a FAISS IndexFlatL2'],
  ])('is refused as a whole %s', async (name, reason) => {
    const { index, archive } = await oldSystem(name)
    await expect(openOldIndex(index, archive)).rejects.toThrow(reason)
  })
})
