/** What one spatial axis of a convolution or pooling pads, and how long its result is. */
export interface AxisPadding {
  readonly before: number
  readonly after: number
  readonly outputSize: number
}

/**
 * TensorFlow's padding of one axis. SAME gives ceil(size / stride) results and puts the odd pixel of padding at the
 * end, which ONNX's symmetric notations cannot say, so it is always written out.
 * https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
 */
export function axisPadding(padding: 'SAME' | 'VALID', size: number, kernel: number, stride: number): AxisPadding {
  if (padding === 'VALID') return { before: 0, after: 0, outputSize: Math.floor((size - kernel) / stride) + 1 }
  const outputSize = Math.ceil(size / stride)
  const total = Math.max(0, (outputSize - 1) * stride + kernel - size)
  const before = Math.floor(total / 2)
  return { before, after: total - before, outputSize }
}
