import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const DOCS = new URL('../../docs/', import.meta.url)

it('every test that docs/threats.md names is there', () => {
  const text = readFileSync(new URL('threats.md', DOCS), 'utf8')
  const named = [...text.matchAll(/\[([^\]]+)\]\((\.\.[^)]+\.ts)\)/g)]
  expect(named.length).toBeGreaterThan(50)
  const missing = named.flatMap(([, name = '', path = '']) => {
    const file = fileURLToPath(new URL(path, DOCS))
    return existsSync(file) && readFileSync(file, 'utf8').includes(name) ? [] : [`${path}: ${name}`]
  })
  expect(missing).toEqual([])
})
