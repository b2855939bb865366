import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryData } from '../../test/models/temporary-data.ts'
import { readPeopleCsv } from './people-csv.ts'

async function read(content: string | Uint8Array) {
  const path = join(await temporaryData(), 'class_info.csv')
  await writeFile(path, content)
  return await readPeopleCsv(path)
}

const QUOTE = 'has a quote that is not closed, or that stands in the middle of a field'
const HEADER = 'class_id,ten,tuoi,gioitinh,noio'

it('reads people as Windows programs write them', async () => {
  const { people, skipped } = await read(
    `\uFEFF${HEADER}\r\n1,Nguyễn Văn A,30,Nam,"Hà Nội, Việt Nam"\r\n\r\n2,"Trần ""Bé"" Thị\r\nB",,Nữ,\r\n3,Lê C,nan,true,Huế`,
  )
  expect(skipped).toEqual([])
  expect(people).toEqual([
    { line: 2, person: { classId: 1, name: 'Nguyễn Văn A', age: 30, gender: 'male', residence: 'Hà Nội, Việt Nam' } },
    { line: 4, person: { classId: 2, name: 'Trần "Bé" Thị B', age: null, gender: 'female', residence: null } },
    { line: 6, person: { classId: 3, name: 'Lê C', age: null, gender: 'male', residence: 'Huế' } },
  ])
})

it('reads other orders, spellings, separators and decompositions', async () => {
  const { people } = await read(
    `Gioi_Tinh;noi_o;class_id;ten_nguoi;tuoi;extra\n${'Nữ'.normalize('NFD')};Đà Nẵng;7.0;${'Phạm Ý'.normalize('NFD')};25.0;x\n`,
  )
  expect(people.map(({ person }) => person)).toEqual([
    { classId: 7, name: 'Phạm Ý', age: 25, gender: 'female', residence: 'Đà Nẵng' },
  ])
})

it('lists bad rows with their lines and keeps the good ones', async () => {
  const rows = [
    '1,Good,30,Nam,Huế',
    '0,Zero,30,Nam,Huế',
    '-4,Negative,30,Nam,Huế',
    '9007199254740993,Huge,30,Nam,Huế',
    '2.5,Half,30,Nam,Huế',
    ',No id,30,Nam,Huế',
    '3,,30,Nam,Huế',
    '4,Old,-1,Nam,Huế',
    '5,Older,1000,Nam,Huế',
    '6,Wordy,thirty,Nam,Huế',
    `7,${'x'.repeat(101)},30,Nam,Huế`,
    '8,Nul\0,30,Nam,Huế',
    '9,Few',
    '10,"Open,30,Nam,Huế',
    '11,Good,30,Nam,Huế',
    '1,Again,30,Nam,Huế',
    '12,stray"quote,30,Nam,Huế',
    '13,Strange,30,something else,Huế',
  ]
  const { people, skipped } = await read([HEADER, ...rows].join('\n'))
  expect(people.map(({ person }) => person.classId)).toEqual([1, 11])
  expect(Object.fromEntries(skipped.map(({ row, reason }) => [row, reason]))).toEqual({
    'line 3': 'class_id "0" is no whole number from 1 to 2147483647',
    'line 4': 'class_id "-4" is no whole number from 1 to 2147483647',
    'line 5': 'class_id "9007199254740993" is no whole number from 1 to 2147483647',
    'line 6': 'class_id "2.5" is no whole number from 1 to 2147483647',
    'line 7': 'class_id "" is no whole number from 1 to 2147483647',
    'line 8': 'ten is refused: empty',
    'line 9': 'tuoi is refused: out-of-range',
    'line 10': 'tuoi is refused: out-of-range',
    'line 11': 'tuoi "thirty" is no whole number',
    'line 12': 'ten is refused: too-long',
    'line 13': 'ten is refused: control-characters',
    'line 14': 'has 2 fields, not 5',
    'line 15': QUOTE,
    'line 17': 'class_id 1 stands on line 2 already',
    'line 18': QUOTE,
    'line 19': 'gioitinh is refused: too-long',
  })
})

it.each([
  ['', 'has no header with class_id and ten'],
  ['1,An,30,Nam,Huế\n', 'has no header with class_id and ten'],
  [Buffer.from(`\uFEFF${HEADER}\n1,An,,,`, 'utf16le'), 'is UTF-16; save it as "CSV UTF-8"'],
  [Buffer.from(`${HEADER}\n1,\xC2n,,,`, 'latin1'), 'is not UTF-8; save it as "CSV UTF-8"'],
  [`${HEADER}\n${'1,"An,,,\n'.repeat(1_001)}`, 'more than 1000 records with faulty quotes'],
])('refuses a bad file as a whole: %#', async (content, reason) => {
  await expect(read(content)).rejects.toThrow(reason)
})
