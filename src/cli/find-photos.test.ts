import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findPeople } from './find-photos.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-photos-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

const put = async (path: string) => {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), '')
}

it('takes folders for people and files for whom they are named after', async () => {
  for (const path of [
    'Trần Bình/1.jpg',
    'Trần Bình/old/2.PNG',
    'Trần Bình/notes.txt',
    'nguyen_an_1.jpg',
    'nguyen_an_2.jpg',
    'Lê Chi (3).webp',
    '2024.jpg',
    '.DS_Store',
    'readme.md',
  ])
    await put(path)
  const people = await findPeople(folder)
  expect(people.map(({ name, files }) => [name, files.map((file) => relative(folder, file))])).toEqual([
    ['2024', ['2024.jpg']],
    ['Lê Chi', ['Lê Chi (3).webp']],
    ['nguyen an', ['nguyen_an_1.jpg', 'nguyen_an_2.jpg']],
    ['Trần Bình', ['Trần Bình/1.jpg', 'Trần Bình/old/2.PNG']],
  ])
})
