import type { Int8SelfTest } from '../../domain/pack.ts'

/** How far templates that were computed quickly lie from those that were computed exactly, of the same faces. */
export type TemplateComparison = Omit<Int8SelfTest, 'cpuMs' | 'cpuMsFloat32'>

/**
 * @param exact unit vectors of different faces
 * @param quick of the same faces, in the same order
 */
export function compareTemplates(
  exact: readonly Float32Array[],
  quick: readonly Float32Array[],
  threshold: number,
): TemplateComparison {
  const cosines = exact.map((template, face) => dot(template, quick[face] ?? template)).sort((a, b) => a - b)
  const mean = meanOf(exact)
  const distances = sum(cosines.map((cosine) => 2 - 2 * cosine))
  const variance = sum(exact.map((template) => squaredDistance(template, mean)))
  const shifts: number[] = []
  let changed = 0
  for (const [one, probe] of quick.entries()) {
    for (const [other, reference] of exact.entries()) {
      if (one === other) continue
      const [score, quickScore] = [dot(exact[one] ?? probe, reference), dot(probe, reference)]
      shifts.push(quickScore - score)
      if (score >= threshold !== quickScore >= threshold) changed++
    }
  }
  return {
    faces: exact.length,
    cosineMin: cosines[0] ?? 0,
    cosineMedian: cosines[cosines.length >> 1] ?? 0,
    noise: distances / variance,
    scoreShift: Math.sqrt(sum(shifts.map((shift) => shift ** 2)) / Math.max(1, shifts.length)),
    decisionsChanged: changed / Math.max(1, shifts.length),
  }
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  return new Float32Array(vectors[0]?.length ?? 0).map(
    (_, i) => sum(vectors.map((vector) => vector[i] ?? 0)) / vectors.length,
  )
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((total, value, i) => total + (value - (b[i] ?? 0)) ** 2, 0)
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
