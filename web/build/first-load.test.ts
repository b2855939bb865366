import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { FIRST_LOAD_BYTES_MAX, firstLoad } from './first-load.ts'

const BUILT = fileURLToPath(new URL('../../dist/web', import.meta.url))

test('the page for recognition loads little before it shows', () => {
  const { bytes, files } = firstLoad(BUILT)
  expect(files.filter((file) => file.endsWith('.js')).length).toBeGreaterThan(2)
  expect(files.filter((file) => file.endsWith('.css')).length).toBeGreaterThan(0)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX)
})
