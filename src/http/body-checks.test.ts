import { expect, test } from 'vitest'
import { bodyBytesMax } from './body-checks.ts'
import { DEFAULT_OPTIONS } from './options.ts'

const { limits } = DEFAULT_OPTIONS

test('a request has room for what it may carry, and for no more than the whole limit', () => {
  expect(bodyBytesMax(0, limits)).toBe(limits.textBytes)
  expect(bodyBytesMax(1, limits)).toBeGreaterThan(limits.uploadBytes + limits.textBytes)
  expect(bodyBytesMax(2, limits)).toBeGreaterThan(2 * limits.uploadBytes)
  expect(bodyBytesMax(50, limits)).toBe(limits.requestBytes + limits.textBytes)
})

test('a photo of the largest size may come however the limits are set', () => {
  const large = { ...limits, uploadBytes: 4 * limits.requestBytes }
  expect(bodyBytesMax(1, large)).toBeGreaterThan(large.uploadBytes)
})
