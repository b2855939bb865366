import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallDetector, smallRecogniser } from '../../../test/models/small-models.ts'
import { isRefusal } from '../../domain/errors.ts'
import { createOnnxCodec } from './codec.ts'

const codec = createOnnxCodec()
const REAL_MODELS = new URL('../../../../shared/data/models/', import.meta.url)

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
}
function field(number: number, content: readonly number[]): number[] {
  return [...varint((number << 3) | 2), ...varint(content.length), ...content]
}

describe('the ONNX codec', () => {
  it.each([['detector', smallDetector()] as const, ['recogniser', smallRecogniser()] as const])(
    'reads what it wrote: %s',
    (_, model) => {
      const bytes = codec.encode(model)
      const again = codec.decode(bytes)
      expect(Buffer.compare(codec.encode(again), bytes)).toBe(0)
      expect(again.graph?.node.map(({ opType }) => opType)).toEqual(model.graph?.node.map(({ opType }) => opType))
      expect(again.graph?.initializer[0]?.rawData).toEqual(Buffer.from(model.graph?.initializer[0]?.rawData ?? []))
    },
  )

  it('keeps zeros that are stated, fields that no schema names, and negative numbers', () => {
    const attribute = [...field(1, [...Buffer.from('axis')]), 0x18, 0, ...field(8, []), 0xa0, 0x01, 2]
    const negative = [...field(1, [...Buffer.from('to')]), 0x18, ...Array(9).fill(0xff), 0x01, 0xa0, 0x01, 2]
    const node = [
      ...field(1, [120]),
      ...field(2, [121]),
      ...field(4, [82]),
      ...field(5, attribute),
      ...field(5, negative),
    ]
    const unknown = field(900, [1, 2, 3])
    const bytes = Uint8Array.from([0x08, 8, ...field(7, field(1, node)), ...field(8, [0x0a, 0, 0x10, 17]), ...unknown])
    const model = codec.decode(bytes)
    expect(Buffer.from(codec.encode(model)).toString('hex')).toContain(Buffer.from(unknown).toString('hex'))
    expect(Buffer.from(codec.encode(model)).toString('hex')).toContain(Buffer.from(negative).toString('hex'))
    expect(Buffer.from(codec.encode(model)).toString('hex')).toContain('6178697318')
  })

  it('refuses whatever is no model, and only ever refuses', () => {
    const whole = codec.encode(smallRecogniser())
    for (const bytes of [new Uint8Array(), Buffer.from('a letter, not a model'), whole.subarray(0, whole.length / 2)]) {
      expect(() => codec.decode(bytes)).toThrow(/is not an ONNX model/)
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(whole.length - 1), (noise, at) => {
        const damaged = Uint8Array.from(whole.subarray(0, 4000))
        damaged.set(noise.subarray(0, Math.max(0, damaged.length - at)), Math.min(at, damaged.length))
        for (const bytes of [noise, damaged]) {
          try {
            codec.decode(bytes)
          } catch (error) {
            expect(isRefusal(error, 'model-refused')).toBe(true)
          }
        }
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it.skipIf(!existsSync(REAL_MODELS))(
    'writes real files of another exporter byte for byte (skipped without ../shared)',
    async () => {
      for (const file of ['scrfd_2.5g_bnkps.onnx', 'mobilefacenet_128.onnx']) {
        const bytes = await readFile(new URL(file, REAL_MODELS))
        expect(Buffer.compare(codec.encode(codec.decode(bytes)), bytes), file).toBe(0)
      }
    },
  )
})
