import { Refusal } from './errors.ts'

/** How far a template's Euclidean norm may be from 1; a zero or NaN vector would match everybody or nobody. */
export const TEMPLATE_NORM_TOLERANCE = 1e-3

/** By index: an iterator takes twice as long, and every template that is loaded comes by here. */
function sumOfSquares(template: Float32Array): number {
  let squares = 0
  for (let i = 0; i < template.length; i++) {
    const value = template[i] as number
    squares += value * value
  }
  return squares
}

/**
 * Refuses whatever is not a unit vector of the dimension: wrong length, NaN, infinite, zero or not normalised.
 * @param squaresOf for whoever has a quicker way to add up squares in double precision
 * @throws Refusal `template-invalid`, with which of these it is
 */
export function checkTemplate(template: Float32Array, dimension: number, squaresOf = sumOfSquares): void {
  const refuse = (reason: string): never => {
    throw new Refusal('template-invalid', { reason })
  }
  if (template.length !== dimension) refuse(`has ${template.length} values, not ${dimension}`)
  const squares = squaresOf(template)
  if (Number.isNaN(squares)) refuse('has a value that is NaN')
  if (squares === Number.POSITIVE_INFINITY) refuse('has a value that is infinite')
  if (squares === 0) refuse('is zero')
  const norm = Math.sqrt(squares)
  if (Math.abs(norm - 1) > TEMPLATE_NORM_TOLERANCE) refuse(`has the norm ${norm.toPrecision(4)}, not 1`)
}

/**
 * The cosine of two unit templates, accumulated in double precision in index order, so that every caller gets the same
 * number for the same pair.
 */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
