/**
 * The number that `n` of the numbers reach; the least of them where they are fewer. For small n, where it takes far less
 * time than to sort them.
 */
export function nthLargest(numbers: Float32Array, n: number): number {
  const largest = new Float32Array(Math.min(n, numbers.length)).fill(Number.NEGATIVE_INFINITY)
  for (const number of numbers) {
    let place = 0
    for (; place < largest.length && number > (largest[place] ?? number); place++)
      largest[place] = largest[place + 1] ?? number
    if (place > 0) largest[place - 1] = number
  }
  return largest[0] ?? Number.NEGATIVE_INFINITY
}
