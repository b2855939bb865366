/**
 * Seven bits and not eight: CPUs without VNNI add two products of an activation (to 255) and a weight in 16 bits, which
 * overflow with greater weights and not with these. So a file answers the same on every CPU.
 */
export const WEIGHT_MAX = 63

/** A channel with a smaller scale is nothing but zeros. */
const SCALE_MIN = 1e-9

export interface QuantisedWeights {
  readonly values: Int8Array
  /** One per output channel: weight = value × scale. */
  readonly scales: Float32Array
}

/**
 * @param weights in row-major order, output channels first
 * @param scaleMin what the scale of a channel may not be below, or its bias would overflow
 */
export function quantiseWeights(
  weights: Float32Array,
  channels: number,
  scaleMin: (channel: number) => number = () => 0,
): QuantisedWeights {
  const perChannel = weights.length / channels
  const values = new Int8Array(weights.length)
  const scales = new Float32Array(channels)
  for (let channel = 0; channel < channels; channel++) {
    const row = weights.subarray(channel * perChannel, (channel + 1) * perChannel)
    const largest = row.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    const scale = Math.fround(Math.max(SCALE_MIN, scaleMin(channel), largest / WEIGHT_MAX))
    scales[channel] = scale
    row.forEach((value, i) => {
      values[channel * perChannel + i] = Math.max(-WEIGHT_MAX, Math.min(WEIGHT_MAX, Math.round(value / scale)))
    })
  }
  return { values, scales }
}

/** A bias in steps of the products that it is added to. */
export function quantiseBias(bias: Float32Array, inputScale: number, weightScales: Float32Array) {
  const scales = weightScales.map((scale) => scale * inputScale)
  return { values: Int32Array.from(bias, (value, channel) => Math.round(value / (scales[channel] ?? 1))), scales }
}
