import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryData } from '../../../../test/models/temporary-data.ts'
import { runPython } from '../../../../test/python/run-python.ts'
import { Refusal } from '../../../domain/errors.ts'
import { readStateDict } from './read-state-dict.ts'

/** Saves `object`, a Python expression, and answers where. */
async function saved(object: string, container: string, definitions = ''): Promise<string> {
  const path = join(await temporaryData(), 'weights.pth')
  const script = `
import os, sys, torch
from collections import OrderedDict
${definitions}
torch.save(${object}, sys.argv[1], _use_new_zipfile_serialization=${container === 'zip' ? 'True' : 'False'})`
  await runPython(['torch'], script, [path])
  return path
}

async function refusalOf(path: string): Promise<Refusal> {
  const outcome = await readStateDict(path).catch((error: unknown) => error)
  if (!(outcome instanceof Refusal)) throw new Error('was not refused', { cause: outcome })
  expect(outcome.code).toBe('model-refused')
  return outcome
}

describe.each(['zip', 'stream'])('a state_dict in a %s', (container) => {
  it('is read with types, shapes, strides, offsets and shared storages', async () => {
    const path = await saved(
      `OrderedDict([('module.a', base), ('t', base.t()), ('row', base[1]), ('wide', torch.tensor(5.).expand(3)),
        ('half', torch.tensor([0.5, -65504., 2**-24, float('inf')]).half()), ('n', torch.tensor(2**40)),
        ('parameter', torch.nn.Parameter(torch.ones(1))), ('none', torch.zeros(0, 4))])`,
      container,
      'base = torch.arange(6.).reshape(2, 3)',
    )
    const state = await readStateDict(path)
    const plain = [...state].map(([name, { shape, values }]) => [name, shape, [...values]])
    expect(plain).toEqual([
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
    const evidence = join(await temporaryData(), 'evidence')
    const definitions = `
class Evil:
    def __reduce__(self): return (os.system, ('touch ${evidence}',))`
    const path = await saved('OrderedDict(weight=torch.ones(1), evil=Evil())', container, definitions)
    const { message } = await refusalOf(path)
    expect(message).toContain('asks for posix.system, which is not allowed; nothing was run')
    await expect(stat(evidence)).rejects.toThrow('ENOENT')
  })

  it.each([
    ['torch.nn.Linear(1, 1)', 'asks for torch.nn.modules.linear.Linear'],
    ["{'a': torch.ones(1).bfloat16()}", 'asks for torch.BFloat16Storage'],
    ["{'a': torch.ones(1), 'epoch': 3}", 'holds something else than a state_dict of tensors'],
    ['[torch.ones(1)]', 'holds no state_dict'],
  ])('is refused when it is %s', async (object, reason) => {
    expect((await refusalOf(await saved(object, container))).message).toContain(reason)
  })

  it('is refused wherever it is cut off', async () => {
    const path = await saved("{'a': torch.ones(100), 'b': torch.ones(100)}", container)
    const whole = await readFile(path)
    for (let cut = 1; cut <= 20; cut++) {
      await writeFile(path, whole.subarray(0, Math.floor((whole.length * cut) / 21)))
      expect((await refusalOf(path)).message).toMatch(/truncated|no PyTorch file/)
    }
  })
})

it.each([
  ['nothing', ''],
  ['text', 'not a model at all'],
  ['a pickle of an older protocol', '(lp0\n.'],
  ['an instruction to make a class', '\x80\x02(iposix\nsystem\n.'],
])('refuses %s', async (_, content) => {
  const path = join(await temporaryData(), 'weights.pth')
  await writeFile(path, content, 'latin1')
  expect((await refusalOf(path)).message).toMatch(/truncated|no pickle of plain data|posix\.system, which is not/)
})
