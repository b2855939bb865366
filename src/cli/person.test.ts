import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandLine } from '../../test/cli/command-line.ts'
import { CONSOLE, openDatabase } from '../compose.ts'
import { auditCommand } from './audit.ts'
import { personCommand } from './person.ts'
import { purgeCommand } from './purge.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

/** The first unit vector: a template of nobody. */
const TEMPLATE = Float32Array.from({ length: 8 }, (_, index) => (index === 0 ? 1 : 0))
const CROP = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)

async function enrolLan(): Promise<number> {
  const records = await openDatabase(readConfig(), terminalWitness)
  try {
    const quality = { sizePx: 90, sharpness: 0.5, brightness: 0.4, yaw: 1, pitch: 2, roll: 3, score: 0.7 }
    const image = { label: 'lan.jpg', template: TEMPLATE, modelId: 'test', photoSha256: 'a'.repeat(64), quality }
    const { person } = await records.people.enrol(
      { classId: null, fields: { name: 'Lan', age: 30, gender: 'female', residence: 'Đà Nẵng' } },
      [
        { ...image, crop: CROP },
        { ...image, photoSha256: null, quality: null, crop: null },
      ],
      CONSOLE,
    )
    await records.people.editPerson(person.classId, { age: 31 }, CONSOLE)
    return person.classId
  } finally {
    await records.close()
  }
}

test('everything held about a person is written to a folder that was not there', async () => {
  const { run, dataDir } = await commandLine()
  const id = String(await enrolLan())
  const folder = join(dataDir, 'lan')
  expect(await run(personCommand(), 'export', id, '--output', folder)).toContain(`2 images of person ${id}`)
  expect((await readdir(folder)).sort()).toEqual(['image-1.jpg', 'person.json'])
  expect(await readFile(join(folder, 'image-1.jpg'))).toEqual(Buffer.from(CROP))
  const written = JSON.parse(await readFile(join(folder, 'person.json'), 'utf8'))
  expect(written).toMatchObject({
    person: { name: 'Lan', age: 31, gender: 'female', residence: 'Đà Nẵng' },
    images: [
      {
        imageId: 1,
        label: 'lan.jpg',
        file: 'image-1.jpg',
        photoSha256: 'a'.repeat(64),
        quality: { sizePx: 90, sharpness: 0.5, score: 0.7 },
        templates: [{ modelId: 'test', values: [...TEMPLATE] }],
      },
      { imageId: 2, file: null, photoSha256: null, quality: null },
    ],
    audit: [{ action: 'enrol' }, { action: 'edit-person', details: { before: { age: 30 }, after: { age: 31 } } }],
  })
  await expect(run(personCommand(), 'export', id, '--output', folder)).rejects.toThrow('EEXIST')
  expect(await run(auditCommand(), 'export', '--action', 'export')).toContain(`person:${id}`)
})

test('who is not there cannot be exported', async () => {
  const { run, dataDir } = await commandLine()
  await expect(run(personCommand(), 'export', '7', '--output', join(dataDir, 'x'))).rejects.toThrow('person-not-found')
  for (const id of ['0', '-1', '1.5', '0x10', '2147483648', ' 1', "1' OR 1=1"])
    await expect(run(personCommand(), 'export', id)).rejects.toThrow()
  expect(await readdir(dataDir)).not.toContain('x')
})

test('old backups go when that is asked for, and nothing else in their folder', async () => {
  const { run, dataDir } = await commandLine()
  const folder = join(dataDir, 'backups')
  await mkdir(folder)
  for (const [name, daysOld] of [
    ['old.jsonl.gz', 40],
    ['broken.jsonl.gz.tmp', 40],
    ['new.jsonl.gz', 1],
    ['notes.txt', 40],
  ] as const) {
    await writeFile(join(folder, name), '')
    const time = Date.now() / 1000 - daysOld * 24 * 3600
    await utimes(join(folder, name), time, time)
  }
  expect(await run(purgeCommand())).toBe('0 sessions and 0 changes forgotten\n')
  expect(await readdir(folder)).toHaveLength(4)
  expect(await run(purgeCommand(), '--backups-older-than', '30')).toMatch(/2 backups removed\n$/)
  expect((await readdir(folder)).sort()).toEqual(['new.jsonl.gz', 'notes.txt'])
})
