import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkTemplate, cosine } from './template.ts'

const unit = (values: readonly number[]): Float32Array => {
  const norm = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / norm)
}
const directions = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })
  .filter((values) => Math.hypot(...values) > 1e-3)

describe('checkTemplate', () => {
  it('lets every unit vector of the dimension through', () => {
    fc.assert(fc.property(directions, (values) => checkTemplate(unit(values), 8)))
  })

  it.each([
    ['of another length', unit([1, 2, 3]), /3 values, not 8/],
    ['with NaN', Float32Array.of(Number.NaN, 0, 0, 0, 0, 0, 0, 1), /is NaN/],
    ['with an infinity', Float32Array.of(Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0, 0, 1), /is infinite/],
    ['with both', Float32Array.of(Number.POSITIVE_INFINITY, Number.NaN, 0, 0, 0, 0, 0, 1), /is NaN/],
    ['of zeros', new Float32Array(8), /is zero/],
    ['of denormals', new Float32Array(8).fill(1e-40), /norm/],
    ['that is not normalised', new Float32Array(8).fill(1), /norm 2\.828, not 1/],
  ])('refuses one %s', (_, template, reason) => {
    expect(() => checkTemplate(template, 8)).toThrow(reason)
  })
})

describe('cosine', () => {
  it('is symmetric, and 1 of a template with itself', () => {
    fc.assert(
      fc.property(directions, directions, (a, b) => {
        expect(cosine(unit(a), unit(b))).toBe(cosine(unit(b), unit(a)))
        expect(cosine(unit(a), unit(a))).toBeCloseTo(1, 6)
      }),
    )
  })
})
