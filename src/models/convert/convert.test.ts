import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HWIO_TO_OIHW, permute } from './filters.ts'
import { float16ToFloat32 } from './float16.ts'
import { axisPadding } from './padding.ts'
import { readTfjsModel } from './tfjs-model.ts'
import { convertTfjsModel } from './tfjs-to-onnx.ts'
import { readWeights } from './weights.ts'

describe('half floats', () => {
  it.each([
    [0x0000, 0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('%i are %d', (bits, value) => {
    expect(float16ToFloat32(bits)).toBe(value)
  })

  it('grow with their bits', () => {
    for (let bits = 1; bits <= 0x7c00; bits++) {
      expect(float16ToFloat32(bits)).toBeGreaterThan(float16ToFloat32(bits - 1))
      expect(float16ToFloat32(bits | 0x8000)).toBe(-float16ToFloat32(bits))
    }
  })
})

describe('permute', () => {
  it('puts each value where its index says', () => {
    // [height 1, width 2, in 2, out 3]
    const values = Float32Array.from({ length: 12 }, (_, i) => i)
    expect([...permute(values, [1, 2, 2, 3], HWIO_TO_OIHW)]).toEqual([0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11])
  })

  it('is undone by the inverse order', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
    const cases = shapes.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
    )
    fc.assert(
      fc.property(cases, ([shape, order]) => {
        const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i)
        const moved = permute(values, shape, order)
        const inverse = [...shape.keys()].map((axis) => order.indexOf(axis))
        const movedShape = order.map((axis) => shape[axis] ?? 0)
        expect(permute(moved, movedShape, inverse)).toEqual(values)
      }),
      { seed: 11 },
    )
  })
})

describe('padding', () => {
  it('lets the window fit exactly as often as TensorFlow says', () => {
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 4 }),
    )
    fc.assert(
      fc.property(sizes, ([size, kernel, stride]) => {
        const same = axisPadding('SAME', size, kernel, stride)
        expect(same.outputSize).toBe(Math.ceil(size / stride))
        expect(same.after - same.before).toBeOneOf([0, 1])
        expect(Math.floor((size + same.before + same.after - kernel) / stride) + 1).toBe(same.outputSize)
        const valid = axisPadding('VALID', size, kernel, stride)
        expect([valid.before, valid.after]).toEqual([0, 0])
      }),
      { seed: 3 },
    )
  })
})

describe('weights', () => {
  const group = (shape: number[], quantization?: { dtype: 'uint8'; scale: number; min: number }) => ({
    paths: ['w.bin'],
    weights: [{ name: 'w', shape, dtype: 'float32' as const, ...(quantization ? { quantization } : {}) }],
  })

  it('are dequantised', () => {
    const weights = readWeights([group([3], { dtype: 'uint8', scale: 0.5, min: -1 })], Uint8Array.from([0, 2, 255]))
    expect([...(weights.get('w')?.values ?? [])]).toEqual([-1, 0, 126.5])
  })

  it('must fill their file exactly', () => {
    expect(() => readWeights([group([2])], new Uint8Array(7))).toThrow(/too short/)
    expect(() => readWeights([group([2])], new Uint8Array(9))).toThrow(/too long/)
  })
})

describe('graphs that are not covered', () => {
  const graph = (nodes: object[]) =>
    JSON.stringify({ format: 'graph-model', modelTopology: { node: nodes }, weightsManifest: [] })
  const input = {
    name: 'x',
    op: 'Placeholder',
    attr: { shape: { shape: { dim: [{ size: '1' }, { size: '4' }, { size: '4' }, { size: '3' }] } } },
  }
  const convert = (nodes: object[]) => convertTfjsModel('test', readTfjsModel(graph(nodes), new Uint8Array()))

  it('are refused by name', () => {
    expect(() => convert([input, { name: 'y', op: 'Cumsum', input: ['x'] }])).toThrow(/node y \(Cumsum\)/)
    expect(() => convert([input, { name: 'y', op: 'constructor', input: ['x'] }])).toThrow(/node y \(constructor\)/)
    expect(() => convert([input, { name: 'y', op: 'Relu', input: ['z'] }])).toThrow(/node z is missing/)
    expect(() => convert([input, { name: 'y', op: 'Relu' }])).toThrow(/has no input 0/)
    const pool = {
      name: 'y',
      op: 'MaxPool',
      input: ['x'],
      attr: { data_format: { s: 'TkNIVw==' }, padding: { s: 'U0FNRQ==' } },
    }
    expect(() => convert([input, pool])).toThrow(/is not NHWC/)
  })

  it('are no graphs', () => {
    for (const json of ['{}', '[]', 'null', '{"format":"layers-model"}']) {
      expect(() => readTfjsModel(json, new Uint8Array())).toThrow(/is not a TensorFlow.js graph model/)
    }
  })

  it('loop', () => {
    const loop = [
      input,
      { name: 'a', op: 'Relu', input: ['b'] },
      { name: 'b', op: 'Relu', input: ['a'] },
      { name: 'c', op: 'Relu', input: ['a'] },
    ]
    expect(() => convert(loop)).toThrow(/in a circle/)
  })
})
