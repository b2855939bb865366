import { expect, test } from 'vitest'
import { printable } from './printable.ts'

test('what would move the cursor is shown as a mark', () => {
  expect(printable('\u001b[31mred\u001b[0m')).toBe('�[31mred�[0m')
  expect(printable('a\r\nb\u0000\u0007\u009b2J\u202egnp\u2028c\ud800')).toBe('a��b���2J�gnp�c�')
})

test('letters of every language stay', () => {
  for (const text of ['Nguyễn Văn Đạt', '王小明', 'مرحبا', '😀', 'a-b_c.jpg']) expect(printable(text)).toBe(text)
})
