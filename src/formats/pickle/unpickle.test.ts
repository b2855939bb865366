import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runPython } from '../../../test/python/run-python.ts'
import { FormatError } from '../format-error.ts'
import { ByteCursor } from './byte-cursor.ts'
import { globalName } from './globals.ts'
import { OPCODE } from './opcodes.ts'
import { unpickle } from './unpickle.ts'

const SEED = 7

function read(bytes: Uint8Array) {
  return unpickle(new ByteCursor('a.pkl', bytes), {
    globals: new Map([['allowed thing', { call: (args: readonly unknown[]) => ['called', ...args] }]]),
    persistent: (id) => ({ id }),
  })
}

const latin1 = (text: string) => Buffer.from(text, 'latin1')

it('reads the values that Python writes, in every protocol from 2 on', async () => {
  const values = `[None, True, False, 0, 255, 65535, -1, 2**31, -2**63, 2**70, 1.5, 'é😀', 'x' * 300, b'\\x00\\xff', b'y' * 300,
    (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], list(range(3)), {}, {'a': [1], 2: None}]`
  const script = `import json, pickle; v = ${values}
v.append(v[-1]); print(json.dumps([pickle.dumps(v, protocol=p).hex() for p in (3, 4, 5)]))`
  const pickles: unknown = JSON.parse(await runPython([], script))
  if (!Array.isArray(pickles)) throw new Error('Python printed no list')
  for (const hex of pickles) {
    const dictionary = new Map<unknown, unknown>([
      ['a', [1]],
      [2, null],
    ])
    expect(read(new Uint8Array(Buffer.from(String(hex), 'hex')))).toEqual([
      ...[null, true, false, 0, 255, 65535, -1, 2 ** 31, -(2n ** 63n), 2n ** 70n, 1.5, 'é😀', 'x'.repeat(300)],
      ...[Buffer.from([0, 255]), Buffer.alloc(300, 'y')].map((bytes) => new Uint8Array(bytes)),
      ...[[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], [], [0, 1, 2], new Map(), dictionary, dictionary],
    ])
  }
})

it('calls and passes only what is allowed', () => {
  expect(read(latin1('\x80\x02callowed\nthing\nK\x05\x85R.'))).toEqual(['called', 5])
  expect(globalName(read(latin1('\x80\x02callowed\nthing\n.')))).toBe('allowed thing')
  expect(read(latin1('\x80\x02K\x05Q.'))).toEqual({ id: 5 })
})

it.each([
  ['\x80\x02cposix\nsystem\n.', 'asks for posix.system, which is not allowed; nothing was run'],
  ['\x80\x04\x8c\x08builtins\x8c\x04eval\x93.', 'asks for builtins.eval, which is not allowed'],
  ['(S"true"\nios\nsystem\n.', 'has the opcode 0x53'],
  ['(ios\nsystem\n.', 'asks for os.system, which is not allowed'],
  ['(iallowed\nthing\n.', 'has the opcode 0x69'],
  ['cevil\x1b[2J\nname\n.', 'asks for evil\\u001b[2J.name'],
  ['\x80\x02K\x01K\x02R.', 'calls something that is no function'],
  ['\x80\x02X\x0e\x00\x00\x00allowed thing\x00)R.', 'calls something that is no function'],
  ['\x82\x01.', 'has the opcode 0x82'],
  ['\x80\x09N.', 'protocol above 5'],
  ['.', 'takes more from its stack than it put there'],
  ['(.', 'takes more from its stack than it put there'],
  ['K\x01(\x85.', 'takes more from its stack than it put there'],
  ['t.', 'takes more from its stack than it put there'],
  ['h\x00.', 'recalls what it never stored'],
  ['K\x01K\x02a.', 'appends to something that is no list'],
  ['K\x01K\x02K\x03s.', 'sets items of something that is no dictionary'],
  ['}(K\x01u.', 'sets items of something that is no dictionary'],
  ['B\xff\xff\xff\xff.', 'is truncated'],
  ['X\x02\x00\x00\x00\xff\xff.', 'has text that is not UTF-8'],
  ['cno line end', 'is truncated'],
  ['', 'is truncated: it ends after 0 bytes'],
])('refuses %j', (pickle, reason) => {
  expect(() => read(latin1(pickle))).toThrow(FormatError)
  expect(() => read(latin1(pickle))).toThrow(reason)
})

it('gives a value or refuses, whatever the bytes are', () => {
  const opcode = fc.constantFrom(...Object.values(OPCODE))
  const program = fc.array(fc.oneof({ weight: 4, arbitrary: opcode }, fc.nat(255)), { maxLength: 200 })
  fc.assert(
    fc.property(program, (bytes) => {
      try {
        read(Uint8Array.from([...bytes, OPCODE.STOP]))
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }),
    { seed: SEED, numRuns: 5_000 },
  )
})
