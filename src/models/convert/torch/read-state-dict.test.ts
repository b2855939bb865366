import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runPython } from '../../../../test/python/run-python.ts'
import { Refusal } from '../../../domain/errors.ts'
import { readStateDict } from './read-state-dict.ts'

/** What is saved in both containers by one run of Python: names and Python expressions. */
const SAVED = {
  ordinary: `OrderedDict([('module.a', base), ('t', base.t()), ('row', base[1]), ('wide', torch.tensor(5.).expand(3)),
    ('half', torch.tensor([0.5, -65504., 2**-24, float('inf')]).half()), ('n', torch.tensor(2**40)),
    ('parameter', torch.nn.Parameter(torch.ones(1))), ('none', torch.zeros(0, 4)),
    ('long', torch.arange(70000.).half())])`,
  small: "{'a': torch.ones(100), 'b': torch.ones(100)}",
  evil: 'OrderedDict(weight=torch.ones(1), evil=Evil())',
  model: 'torch.nn.Linear(1, 1)',
  bfloat16: "{'a': torch.ones(1).bfloat16()}",
  checkpoint: "{'a': torch.ones(1), 'epoch': 3}",
  list: '[torch.ones(1)]',
  'tensor that swells': "{'a': torch.ones(1).expand(2**20, 2**10), 'b': torch.ones(1).expand(2**20)}",
} as const

const SCRIPT = `
import json, os, sys, torch
from collections import OrderedDict
folder = sys.argv[1]
base = torch.arange(6.).reshape(2, 3)
class Evil:
    def __reduce__(self): return (os.system, ('touch ' + folder + '/evidence',))
for name, expression in json.loads(sys.argv[2]).items():
    value = eval(expression)
    torch.save(value, f'{folder}/{name}.zip.pth')
    torch.save(value, f'{folder}/{name}.stream.pth', _use_new_zipfile_serialization=False)
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-state-dict-'))
  await runPython(['torch'], SCRIPT, [folder, JSON.stringify(SAVED)])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function refusalOf(path: string): Promise<Refusal> {
  const outcome = await readStateDict(path).catch((error: unknown) => error)
  if (!(outcome instanceof Refusal)) throw new Error('was not refused', { cause: outcome })
  expect(outcome.code).toBe('model-refused')
  return outcome
}

describe.each(['zip', 'stream'])('a state_dict in a %s', (container) => {
  const pathOf = (name: keyof typeof SAVED) => join(folder, `${name}.${container}.pth`)

  it('is read with types, shapes, strides, offsets and shared storages', async () => {
    const state = new Map(await readStateDict(pathOf('ordinary')))
    const long = state.get('long')?.values ?? new Float32Array()
    expect([long.length, long[1], long[2_049], long[65_000]]).toEqual([70_000, 1, 2_048, 64_992])
    state.delete('long')
    expect([...state].map(([name, { shape, values }]) => [name, shape, [...values]])).toEqual([
      ['a', [2, 3], [0, 1, 2, 3, 4, 5]],
      ['t', [3, 2], [0, 3, 1, 4, 2, 5]],
      ['row', [3], [3, 4, 5]],
      ['wide', [3], [5, 5, 5]],
      ['half', [4], [0.5, -65504, 2 ** -24, Number.POSITIVE_INFINITY]],
      ['n', [], [2 ** 40]],
      ['parameter', [1], [1]],
      ['none', [0, 4], []],
    ])
  })

  it('is refused, and runs nothing, when it asks for a foreign global', async () => {
    const { message } = await refusalOf(pathOf('evil'))
    expect(message).toContain('asks for posix.system, which is not allowed; nothing was run')
    await expect(stat(join(folder, 'evidence'))).rejects.toThrow('ENOENT')
  })

  it.each([
    ['model', 'asks for torch.nn.modules.linear.Linear'],
    ['bfloat16', 'asks for torch.BFloat16Storage'],
    ['checkpoint', 'holds something else than a state_dict of tensors'],
    ['list', 'holds no state_dict'],
    ['tensor that swells', 'has tensors of 1074790400 values; at most 134217728 are read'],
  ] as const)('is refused when it is a %s', async (name, reason) => {
    expect((await refusalOf(pathOf(name))).message).toContain(reason)
  })

  it('is refused wherever it is cut off', async () => {
    const path = join(folder, 'cut.pth')
    const whole = await readFile(pathOf('small'))
    for (let cut = 1; cut <= 20; cut++) {
      await writeFile(path, whole.subarray(0, Math.floor((whole.length * cut) / 21)))
      expect((await refusalOf(path)).message).toMatch(/truncated|no PyTorch file/)
    }
  })

  it('is read or refused, never a fault, when a byte of it is another', async () => {
    const path = join(folder, 'changed.pth')
    const whole = await readFile(pathOf('small'))
    for (let at = 0; at < whole.length; at += 7) {
      const changed = Buffer.from(whole)
      changed.writeUInt8(changed.readUInt8(at) ^ 0xff, at)
      await writeFile(path, changed)
      // Some bytes mean nothing; whatever is read instead of refused must be a state_dict.
      const outcome = await readStateDict(path).catch((error: unknown) => error)
      expect(outcome instanceof Map || outcome instanceof Refusal).toBe(true)
    }
  })
})

it.each([
  ['nothing', ''],
  ['text', 'not a model at all'],
  ['a pickle of an older protocol', '(lp0\n.'],
  ['an instruction to make a class', '\x80\x02(iposix\nsystem\n.'],
])('refuses %s', async (_, content) => {
  const path = join(folder, 'weights.pth')
  await writeFile(path, content, 'latin1')
  expect((await refusalOf(path)).message).toMatch(/truncated|no pickle of plain data|posix\.system, which is not/)
})
