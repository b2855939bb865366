import type { RecogniserSpec } from '../../domain/pack.ts'

/**
 * Names everything that decides what a template means: the weights (by the first 12 digits of their SHA-256), aligner,
 * input side, normalisation, and whether the mirrored face is added.
 */
export function modelIdOf(weightsSha256: string, recogniser: Omit<RecogniserSpec, 'file'>): string {
  const { aligner, inputSize, mean, divisor, mirror } = recogniser
  const [red, green, blue] = mean
  const normalisation = red === green && green === blue ? `${red}` : mean.join(',')
  const parts = [weightsSha256.slice(0, 12), `${aligner}-${inputSize}`, `m${normalisation}-d${divisor}`]
  return [...parts, ...(mirror ? ['mirror'] : [])].join('.')
}
