import { expect, test } from 'vitest'
import { groupFiles, nameOf } from './group-files.ts'

test.each([
  ['ảnh/Nguyễn Văn An/1.jpg', 'Nguyễn Văn An'],
  ['ảnh/Nguyễn Văn An/cũ/1.JPEG', 'Nguyễn Văn An'],
  ['ảnh/Trần_Bình_2.png', 'Trần Bình'],
  ['ảnh/Trần Bình (3).webp', 'Trần Bình'],
  ['ảnh/Trần Bình-04.jpg', 'Trần Bình'],
  ['ảnh/007.jpg', '007'],
  ['ảnh/notes.txt', null],
  ['ảnh/.git/x.jpg', null],
  ['ảnh/An/.thumb.jpg', null],
  ['ảnh/ .jpg', null],
])('%s shows %s', (path, name) => {
  expect(nameOf(path)).toBe(name)
})

test('the photos of a person come together, under one form of the name, people by name', () => {
  const file = (path: string) => Object.defineProperty(new File([], 'x.jpg'), 'webkitRelativePath', { value: path })
  const files = [
    file(`f/${'Ánh'.normalize('NFD')}/1.jpg`),
    file('f/Bình_1.jpg'),
    file('f/Ánh/2.jpg'),
    file('f/Bình_2.jpg'),
    file('f/readme.md'),
  ]
  expect(groupFiles(files).map(({ name, files: photos }) => [name, photos.length])).toEqual([
    ['Ánh', 2],
    ['Bình', 2],
  ])
})
