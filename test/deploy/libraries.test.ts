import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))

it.each(['kysely', 'typebox', 'typebox/value'])('%s is built into dist whole, and found there first', async (name) => {
  const built = createRequire(`${DIST}main.js`).resolve(name)
  expect(built.startsWith(DIST)).toBe(true)
  const [inOneFile, asPublished]: object[] = await Promise.all([import(pathToFileURL(built).href), import(name)])
  expect(Object.keys(Object(inOneFile)).sort()).toEqual(Object.keys(Object(asPublished)).sort())
})
