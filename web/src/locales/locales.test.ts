import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { en } from './en.ts'
import { vi } from './vi.ts'

const SOURCE = join(import.meta.dirname, '..')
const VIETNAMESE = /[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]/iu
/** Names of the wire, which only the folder api may know. */
const WIRE = /\b(ten_nguoi|tuoi|gioi_?tinh|noi_?o|nguoi|nguoi_list|so_anh)\b/
/** What stays as it is in every language. */
const NAMES = /Tiếng Việt|Nguyễn Văn An/g

test('every language says everything, with the same parts that vary', () => {
  expect(shapeOf(en)).toEqual(shapeOf(vi))
})

test('no text is empty, and English is no copy of Vietnamese', () => {
  for (const [key, text] of textsOf(vi)) expect(text.trim(), key).not.toBe('')
  const leftover = textsOf(en).filter(([, text]) => VIETNAMESE.test(text.replace(NAMES, '')))
  expect(leftover).toEqual([])
})

test('no Vietnamese stands in the code of the pages', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(tsx?|css)$/.test(path) && !path.startsWith('locales/') && !/\.test\.ts$/.test(path),
  )
  expect(files.length).toBeGreaterThan(40)
  const found = files.flatMap((path) => {
    const inApi = path.startsWith('api/')
    return readFileSync(join(SOURCE, path), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        !inApi && (VIETNAMESE.test(line) || WIRE.test(line)) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
      )
  })
  expect(found).toEqual([])
})

/** The keys with what stands at each: a text, or a function of so many parts. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'function') return `function of ${value.length}`
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
  return typeof value
}

/** Every text with the way to it; functions are called with numbers in all places. */
function textsOf(value: unknown, way = ''): [string, string][] {
  if (typeof value === 'string') return [[way, value]]
  if (typeof value === 'function') return textsOf(value(...Array(value.length).fill(1)), way)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${way}.${key}`))
}
