import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { near, randomUnit, seededRandom } from '../../../test/gallery/vectors.ts'
import { weigh } from '../bounds.ts'
import { BLOCK_SLOTS, GROUP_CODE_BYTES, HIGH_STEP, highAt, type Layout, layoutOf, PAGE_BYTES } from '../layout.ts'
import { Shard } from '../shard.ts'
import { compileKernel, KERNEL_FILES } from './kernel.ts'

const folder = new URL('../../../dist/gallery/kernel/', import.meta.url)
// Lets the runtime have relaxed SIMD, where it can.
compileKernel(folder)
const files = KERNEL_FILES.map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) }))
const runnable = files.filter(({ bytes }) => WebAssembly.validate(bytes))

const ROWS = 40
const AREA_BLOCK = 0

/** One block with codes; what the kernels compute over it is compared. */
function shardOf(bytes: Uint8Array, dimension: number): Shard {
  const layout = layoutOf(dimension, 1, 2 ** 28)
  const pages = Math.ceil((layout.blocks + layout.blockBytes) / PAGE_BYTES)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const shard = new Shard(new WebAssembly.Module(bytes), memory, layout, 0)
  shard.setArea(AREA_BLOCK, layout.blocks + layout.block.area)
  return shard
}

/** The codes of a row as sums.ts says they lie, read number by number. */
function codesOf(shard: Shard, area: number, row: number): { high: number[]; low: number[] } {
  const { layout } = shard
  const bits = (of: number, i: number, at: number, step: number): number => {
    const group = (16 * 8) / of
    const byte = shard.bytes(at + Math.floor(i / group) * step + (i % 16), 1)[0] ?? 0
    return (byte >> (of * Math.floor((i % group) / 16))) % 2 ** of
  }
  const all = Array.from({ length: layout.dimension }, (_, i) => i)
  return {
    high: all.map((i) => bits(4, i, area + highAt(layout, row), HIGH_STEP)),
    low: all.map((i) => bits(2, i, area + layout.area.low + row * layout.lowRowBytes, GROUP_CODE_BYTES)),
  }
}

const dot = (weights: Int8Array, numbers: readonly number[]): number =>
  numbers.reduce((sum, number, i) => sum + number * (weights[i] ?? 0), 0)

/** The sums of P (2 h - 15) that `filter` finds. */
function filterSums(shard: Shard, area: number, weights: Int8Array, offset: number): Int32Array {
  const { kernel, layout, scratch } = shard
  shard.signedBytes(scratch + layout.room.weights, layout.room.weightBytes).set(weights)
  const numbers = area + layout.area.scales
  const count = kernel.filter(
    ...([area, ROWS, layout.rowBytes, scratch + layout.room.weights, numbers, numbers, numbers] as const),
    ...([0, offset, 0, 0, 0, -1] as const),
    ...([scratch, scratch + layout.room.sums, scratch + layout.room.bounds] as const),
  )
  expect(count).toBe(ROWS)
  const sums = new Int32Array(ROWS)
  const found = shard.ints(scratch + layout.room.sums, ROWS)
  for (const [index, row] of shard.ints(scratch, ROWS).entries()) sums[row] = found[index] ?? 0
  return sums
}

/** Which rows `refine` keeps when the bound is the sum of both planes alone. */
function refined(shard: Shard, area: number, sums: Int32Array, offset: number, least: number): Int32Array {
  const { kernel, layout, scratch } = shard
  const found = shard.ints(scratch, ROWS)
  for (let row = 0; row < ROWS; row++) found[row] = row
  shard.ints(scratch + layout.room.sums, ROWS).set(sums)
  const ones = area + layout.area.scales
  const kept = kernel.refine(
    ...([area + layout.area.low, layout.lowRowBytes, scratch + layout.room.weights, ones, ones, ones] as const),
    ...([1, offset, 0, 0, 0, least, scratch, scratch + layout.room.sums, ROWS] as const),
    ...([layout.blocks, scratch + layout.room.probes, layout.dimension, 1e30, scratch + layout.room.stats] as const),
  )
  return found.slice(0, kept)
}

describe.each(runnable)('the kernel in $name', ({ bytes }) => {
  it.each([4, 36, 128, 512, 1024, 2048])('sums as plain arithmetic does, at %i dimensions', (dimension) => {
    const random = seededRandom(dimension)
    const shard = shardOf(bytes, dimension)
    const { layout } = shard
    const area = shard.areaOf(AREA_BLOCK)
    const planes = [
      shard.bytes(area, ROWS * layout.rowBytes),
      shard.bytes(area + layout.area.low, ROWS * layout.lowRowBytes),
    ]
    const weights = new Int8Array(layout.room.weightBytes)
    const extremes: (() => [code: number, weight: number])[] = [
      () => [255, 127],
      () => [255, -127],
      () => [0, 127],
      () => [255, random() < 0.5 ? 127 : -127],
      () => [Math.floor(random() * 256), Math.floor(random() * 255) - 127],
    ]
    for (const make of extremes) {
      for (const plane of planes) for (let i = 0; i < plane.length; i++) plane[i] = make()[0]
      weights.fill(0)
      for (let i = 0; i < dimension; i++) weights[i] = make()[1]
      const sum = dot(weights, new Array(dimension).fill(1))
      const offset = -15 * sum
      const lowOffset = -3 * sum
      const sums = filterSums(shard, area, weights, offset)
      const rows = Array.from({ length: ROWS }, (_, row) => codesOf(shard, area, row))
      expect([...sums]).toEqual(rows.map(({ high }) => 2 * dot(weights, high) + offset))
      shard.floats(area + layout.area.scales, ROWS).fill(1)
      const both = rows.map(
        ({ high, low }) => 4 * (2 * dot(weights, high) + offset) + 2 * dot(weights, low) + lowOffset,
      )
      for (const least of [Math.min(...both), Math.fround(both[7] ?? 0), Math.max(...both) + 1e6]) {
        const expected = both.flatMap((sum, row) => (Math.fround(sum) >= least ? [row] : []))
        expect([...refined(shard, area, sums, lowOffset, least)]).toEqual(expected)
      }
    }
  })
})

describe('the kernels', () => {
  it('are both there on Node 20 and later', () => {
    expect(runnable.map(({ name }) => name)).toEqual([...KERNEL_FILES])
  })

  it.each([4, 100, 512])('make the same codes and sums at %i dimensions', (dimension) => {
    const random = seededRandom(dimension)
    const mean = randomUnit(dimension, random).map((value) => value * 0.5)
    const templates = Array.from({ length: ROWS }, () => near(randomUnit(dimension, random), 0.7, random))
    const probe = randomUnit(dimension, random)
    const results = runnable.map(({ bytes }) => {
      const shard = shardOf(bytes, dimension)
      const { layout } = shard
      const area = shard.areaOf(AREA_BLOCK)
      shard.floats(shard.meanAt(0), dimension).set(mean)
      templates.forEach((template, row) => {
        shard.floats(shard.templateAt(row), dimension).set(template)
        shard.code(row, area)
      })
      const weights = new Int8Array(layout.room.weightBytes)
      const terms = weigh(probe, mean, weights)
      const made = createHash('sha256').update(shard.bytes(area, layout.areaBytes)).digest('hex')
      return { made, sums: [...filterSums(shard, area, weights, terms.offset)] }
    })
    expect(results[1]).toEqual(results[0])
  })

  it.each([4, 128, 512])('add up templates and their squares, at %i dimensions', (dimension) => {
    const random = seededRandom(dimension)
    const templates = Array.from({ length: 3 }, () => randomUnit(dimension, random))
    const squaresOf = (template: Float32Array) => template.reduce((sum, value) => sum + value * value, 0)
    for (const { bytes } of runnable) {
      const shard = shardOf(bytes, dimension)
      templates.forEach((template, row) => {
        shard.floats(shard.templateAt(row), dimension).set(template)
        expect(shard.squaresOf(template)).toBeCloseTo(squaresOf(template), 12)
        shard.count(row, 1)
      })
      shard.count(1, -1)
      const sums = shard.doubles(shard.layout.sums, dimension)
      const [first = [], , third = []] = templates
      for (let i = 0; i < dimension; i++) expect(sums[i]).toBeCloseTo((first[i] ?? 0) + (third[i] ?? 0), 12)
    }
  })

  it.each([4, 64, 512])('code templates within the radii that they state, at %i dimensions', (dimension) => {
    const random = seededRandom(dimension)
    const mean = randomUnit(dimension, random).map((value) => value * 0.3)
    for (const { bytes } of runnable) {
      const shard = shardOf(bytes, dimension)
      const { layout } = shard
      const area = shard.areaOf(AREA_BLOCK)
      shard.floats(shard.meanAt(0), dimension).set(mean)
      for (let row = 0; row < ROWS; row++) {
        const template = randomUnit(dimension, random)
        shard.floats(shard.templateAt(row), dimension).set(template)
        shard.code(row, area)
        const { high, low } = codesOf(shard, area, row)
        const number = (at: number) => shard.floats(area + at + row * 4, 1)[0] ?? 0
        const scale = number(layout.area.scales)
        const distance = (code: (i: number) => number) =>
          Math.hypot(...template.map((value, i) => Math.fround(value - (mean[i] ?? 0)) - scale * code(i)))
        const coarse = distance((i) => 2 * (2 * (high[i] ?? 0) - 15))
        const fine = distance((i) => 4 * (high[i] ?? 0) + (low[i] ?? 0) - 31.5)
        expect(number(layout.area.coarseRadii)).toBeGreaterThanOrEqual(coarse)
        expect(number(layout.area.fineRadii)).toBeGreaterThanOrEqual(fine)
        expect(fine).toBeLessThan(coarse)
      }
    }
  })
})

it('keeps rows of the high plane apart', () => {
  const layout: Layout = layoutOf(64, 1, 2 ** 28)
  const taken = new Set<number>()
  for (let row = 0; row < BLOCK_SLOTS; row++)
    for (let group = 0; group < layout.rowBytes / GROUP_CODE_BYTES; group++)
      taken.add(highAt(layout, row) + group * HIGH_STEP)
  expect(taken.size).toBe((BLOCK_SLOTS * layout.rowBytes) / GROUP_CODE_BYTES)
  expect(Math.max(...taken)).toBe(layout.area.low - GROUP_CODE_BYTES)
})
