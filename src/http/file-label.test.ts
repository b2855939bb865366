import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkText, LABEL_LENGTH_MAX } from '../domain/person.ts'
import { labelOf } from './file-label.ts'

test('any file name makes a label that can be stored as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (name) => {
      const label = labelOf(name)
      expect(label).not.toBe('')
      expect(checkText('label', label, LABEL_LENGTH_MAX)).toBe(label)
    }),
  )
})

test('names are kept where they can be', () => {
  expect(labelOf('ảnh của Oanh.jpg')).toBe('ảnh của Oanh.jpg')
  expect(labelOf('../../etc/passwd')).toBe('../../etc/passwd')
  expect(labelOf('a\u202egnp.exe')).toBe('agnp.exe')
  expect(labelOf(' \0 ')).toBe('upload')
})
