/** A tensor of any rank with its axes reordered: axis i of the result is axis `order[i]` of the input. */
export function permute(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
  const newShape = order.map((axis) => shape[axis] ?? 1)
  const newStrides = order.map((axis) => strides[axis] ?? 0)
  const result = new Float32Array(values.length)
  const index = newShape.map(() => 0)
  let source = 0
  for (let target = 0; target < result.length; target++) {
    result[target] = values[source] ?? 0
    for (let axis = index.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1
      const stride = newStrides[axis] ?? 0
      if (next < (newShape[axis] ?? 1)) {
        index[axis] = next
        source += stride
        break
      }
      source -= stride * (next - 1)
      index[axis] = 0
    }
  }
  return result
}

/** TensorFlow's convolution filter [height, width, in, out] in ONNX's order [out, in, height, width]. */
export const HWIO_TO_OIHW = [3, 2, 0, 1] as const
