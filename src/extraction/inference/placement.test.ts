import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it, onTestFinished } from 'vitest'
import { installedData } from '../../../test/models/installed-data.ts'
import { installDefaultPack } from '../../models/default-pack/default-pack.ts'
import { calculatedOnCpu, placedNodes } from './placement.ts'

describe('what ran where', () => {
  it('is read from a profile that ONNX Runtime wrote', async () => {
    const dataDir = await installedData('nhandien-placement-test-')
    onTestFinished(async () => await rm(dataDir, { recursive: true }))
    const { folder } = await installDefaultPack(dataDir)
    const session = await InferenceSession.create(join(folder, 'blazeface.onnx'), {
      enableProfiling: true,
      profileFilePrefix: join(dataDir, 'profile'),
    })
    const [input = ''] = session.inputNames
    await session.run({ [input]: new Tensor('float32', new Float32Array(256 * 256 * 3), [1, 256, 256, 3]) })
    session.endProfiling()
    await session.release()
    const [file = ''] = (await readdir(dataDir)).filter((name) => name.startsWith('profile'))
    const nodes = placedNodes(await readFile(join(dataDir, file), 'utf8'))
    expect(new Set(nodes.map(({ provider }) => provider))).toEqual(new Set(['CPUExecutionProvider']))
    expect(calculatedOnCpu(nodes)).toContain('Conv')
  })

  it.each([
    ['sizes of tensors on the CPU', 'CPUExecutionProvider', { int64: [4] }, []],
    ['a scalar on the CPU', 'CPUExecutionProvider', { int64: [] }, []],
    ['a picture on the CPU', 'CPUExecutionProvider', { float: [1, 64, 56, 56] }, ['Conv']],
    ['a quantised picture on the CPU', 'CPUExecutionProvider', { uint8: [1, 64, 56, 56] }, ['Conv']],
    ['a picture elsewhere', 'CUDAExecutionProvider', { float: [1, 64, 56, 56] }, []],
  ])('counts what calculates: %s', (_, provider, output, operators) => {
    const args = { op_name: 'Conv', provider, output_type_shape: [output] }
    const profile = [{ cat: 'Session' }, { cat: 'Node', args: {} }, { cat: 'Node', args }, { cat: 'Node', args }]
    expect(calculatedOnCpu(placedNodes(JSON.stringify(profile)))).toEqual(operators)
  })

  it.each(['{}', '[]', '[{ "cat": "Session" }]'])('is not known from %s', (profile) => {
    expect(() => placedNodes(profile)).toThrow('ONNX Runtime wrote a profile')
  })
})
