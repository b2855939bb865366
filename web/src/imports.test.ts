import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(join(import.meta.dirname, path), 'utf8') }))

test('the pages take nothing from the server but the types of its answers', () => {
  const imports = files.flatMap(({ path, text }) =>
    [...text.matchAll(/^import ([^;'"]*?) from '(?:\.\.\/)+src\/([^']+)'/gm)].map(([, what = '', from = '']) => ({
      path,
      what,
      from,
    })),
  )
  expect(imports.length).toBeGreaterThan(3)
  expect(imports.filter(({ what, from }) => !what.startsWith('type ') || !from.startsWith('http/wire/'))).toEqual([])
})

test('only the folder api calls the server', () => {
  const callers = files.filter(({ path, text }) => /\b(fetch|XMLHttpRequest)\(/.test(text) && !path.startsWith('api/'))
  expect(callers.map(({ path }) => path)).toEqual([])
})

test('a page does not reach into another', () => {
  const strangers = files.flatMap(({ path, text }) => {
    const [, page] = /^pages\/([^/]+)\//.exec(path) ?? []
    return [...text.matchAll(/from '([^']+)'/g)]
      .map(([, from = '']) => join(path, '..', from))
      .filter((from) => page !== undefined && from.startsWith('pages/') && !from.startsWith(`pages/${page}/`))
      .map((from) => `${path} imports ${from}`)
  })
  expect(strangers).toEqual([])
})
