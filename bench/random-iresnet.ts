import { convertIresnet } from '../src/models/convert/torch/iresnet.ts'
import type { TorchTensor } from '../src/models/convert/torch/tensor.ts'
import type { OnnxModel } from '../src/models/onnx/model.ts'

const STAGE_CHANNELS = [64, 128, 256, 512]
const DIMENSION = 512

/** arcface_torch's iresnet18 with weights that nobody trained: as costly as the real one. */
export function randomIresnet18(): OnnxModel {
  const state = new Map<string, TorchTensor>()
  const random = generator()
  const add = (name: string, shape: readonly number[], value: () => number) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b)).map(value)
    state.set(name, { shape: [...shape], values })
  }
  const norm = (name: string, channels: number) => {
    add(`${name}.weight`, [channels], () => 0.7 + 0.2 * random())
    add(`${name}.bias`, [channels], () => 0.2 * random())
    add(`${name}.running_mean`, [channels], () => 0.2 * random())
    add(`${name}.running_var`, [channels], () => 1 + 0.5 * random())
  }
  const conv = (name: string, from: number, to: number, kernel: number) => {
    const scale = Math.sqrt(3 / (from * kernel * kernel))
    add(`${name}.weight`, [to, from, kernel, kernel], () => scale * random())
  }
  const prelu = (name: string, channels: number) => add(`${name}.weight`, [channels], () => 0.25 + 0.3 * random())

  conv('conv1', 3, 64, 3)
  norm('bn1', 64)
  prelu('prelu', 64)
  let from = 64
  for (const [stage, to] of STAGE_CHANNELS.entries()) {
    for (const block of [0, 1]) {
      const name = `layer${stage + 1}.${block}`
      norm(`${name}.bn1`, from)
      conv(`${name}.conv1`, from, to, 3)
      norm(`${name}.bn2`, to)
      prelu(`${name}.prelu`, to)
      conv(`${name}.conv2`, to, to, 3)
      norm(`${name}.bn3`, to)
      if (block === 0) {
        conv(`${name}.downsample.0`, from, to, 1)
        norm(`${name}.downsample.1`, to)
      }
      from = to
    }
  }
  norm('bn2', DIMENSION)
  add('fc.weight', [DIMENSION, DIMENSION * 49], () => 0.01 * random())
  add('fc.bias', [DIMENSION], () => 0.1 * random())
  norm('features', DIMENSION)
  return convertIresnet(state).model
}

/** From -1 to 1, always the same: a linear congruential generator. */
function generator(): () => number {
  let state = 7
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
}
