import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { allPairs, countImpostorPairs } from './all-pairs.ts'
import { readCountedPhotos, readExpectedAnswers } from './listed-photos.ts'
import { readPairsFile } from './pairs-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'nhandien-lists-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('readPairsFile', () => {
  it('reads columns in any order, quotes, line ends of Windows and a byte order mark', async () => {
    const file = written(
      'pairs.csv',
      '\uFEFFsame,file_a,file_b,fold\r\n1,"a, b/1.jpg",a/2.jpg,3\r\n0,a/1.jpg,"b ""x"".jpg",4\r\n\r\n',
    )
    expect(await readPairsFile(file)).toEqual([
      { a: join(folder, 'a, b/1.jpg'), b: join(folder, 'a/2.jpg'), same: true, fold: '3' },
      { a: join(folder, 'a/1.jpg'), b: join(folder, 'b "x".jpg'), same: false, fold: '4' },
    ])
  })

  it('does without folds', async () => {
    const file = written('plain.csv', 'file_a,file_b,same\na.jpg,b.jpg,0\n')
    expect(await readPairsFile(file)).toMatchObject([{ same: false, fold: '' }])
  })

  it.each([
    ['no columns', '1,a.jpg,b.jpg,1\n', 1],
    ['a label that is neither', 'fold,file_a,file_b,same\n1,a,b,1\n1,a,b,yes\n', 3],
    ['a missing cell', 'fold,file_a,file_b,same\n1,a,1\n', 2],
  ])('refuses %s and names the line', async (_, text, line) => {
    await expect(readPairsFile(written('bad.csv', text))).rejects.toMatchObject({
      code: 'file-invalid',
      details: { line },
    })
  })

  it('refuses a list without pairs', async () => {
    await expect(readPairsFile(written('empty.csv', 'file_a,file_b,same\n'))).rejects.toMatchObject({
      code: 'file-invalid',
    })
  })
})

describe('allPairs', () => {
  const people = [
    { name: 'an', files: ['1', '2', '3'] },
    { name: 'binh', files: ['4', '5'] },
    { name: 'chi', files: ['6'] },
  ]

  it('compares every two photos once', () => {
    const pairs = [...allPairs(people)]
    expect(pairs).toHaveLength(15)
    expect(pairs.filter(({ same }) => same).map(({ a, b }) => a + b)).toEqual(['12', '13', '23', '45'])
    expect(new Set(pairs.map(({ a, b }) => [a, b].sort().join())).size).toBe(15)
    expect(countImpostorPairs(people)).toBe(11)
  })

  it('draws about as many of two people as it may, always the same, and keeps all of one', () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ name: `${n}`, files: [`${n}a`, `${n}b`] }))
    const pairs = [...allPairs(many, 1_000)]
    expect(pairs.filter(({ same }) => same)).toHaveLength(60)
    const impostors = pairs.length - 60
    expect(impostors).toBeGreaterThan(850)
    expect(impostors).toBeLessThan(1_150)
    expect([...allPairs(many, 1_000)]).toEqual(pairs)
  })
})

describe('readCountedPhotos', () => {
  it('reads counts and ranges, and what is tricky', async () => {
    written('index.json', '[{"file":"a.jpg","faces":0,"tricky":"dog"},{"file":"b.jpg","faces_min":2,"faces_max":3}]')
    expect(await readCountedPhotos(folder)).toEqual([
      { photo: join(folder, 'a.jpg'), facesMin: 0, facesMax: 0, tricky: 'dog' },
      { photo: join(folder, 'b.jpg'), facesMin: 2, facesMax: 3, tricky: null },
    ])
  })

  it('passes over a list that counts no faces', async () => {
    written('index.json', '[{"file":"a.jpg","identity":"an"}]')
    expect(await readCountedPhotos(folder)).toBeNull()
  })

  it.each([
    '{}',
    '[{',
    '[{"faces":1}]',
    '[{"file":"a.jpg","faces":-1}]',
    '[{"file":"a.jpg","faces_min":3,"faces_max":2}]',
  ])('refuses %s', async (text) => {
    written('index.json', text)
    await expect(readCountedPhotos(folder)).rejects.toMatchObject({ code: 'file-invalid' })
  })
})

describe('readExpectedAnswers', () => {
  it('reads the ways in which a file may be answered', async () => {
    written('expected.json', '[{"file":"a.avif","expect":"one-face-or-clear-415"},{"file":"b.jpg"}]')
    expect(await readExpectedAnswers(folder)).toEqual([
      { photo: join(folder, 'a.avif'), accepted: ['one-face', 'clear-415'] },
      { photo: join(folder, 'b.jpg'), accepted: ['any'] },
    ])
  })

  it('refuses an answer it does not know', async () => {
    written('expected.json', '[{"file":"a.jpg","expect":"two-faces"}]')
    await expect(readExpectedAnswers(folder)).rejects.toMatchObject({ code: 'file-invalid' })
  })
})
