import type { Int8SelfTest, PackIdentity } from '../../domain/pack.ts'
import type { ModelTensor } from '../insightface/check-by-running.ts'
import { type OpenModel, type RunningModel, withModel } from '../quantise/running-model.ts'
import { compareTemplates } from './compare-templates.ts'

/** Below, one face is mistaken for another kind of picture. */
const COSINE_MIN = 0.95
/** Share of the faces' variance: 0.044 already cost some recognition on LFW (docs/decisions/0014-faster-graphs.md). */
const NOISE_MAX = 0.03
/** Share of the distance from the threshold down to the score that one pair of strangers in a hundred reaches. */
const SCORE_SHIFT_MAX = 0.1
/** Of pairs that are decided otherwise. */
const DECISIONS_CHANGED_MAX = 0.005
/** CPU time per run, as a share of the float32 graph's: less gained is not worth any error. */
const CPU_SHARE_MAX = 0.8
/** Fewer say nothing. */
export const FACES_MIN = 8

/** Times that each graph is run for its CPU time; both in turns, so that they meet the same machine. */
const TIMED_RUNS = 7
const MICROSECONDS_PER_MS = 1_000

/** Pictures of one face: its aligned chip, and with it its mirror image where the pack adds the two embeddings. */
export type FaceViews = readonly ModelTensor[]

export interface Trial {
  readonly exact: Uint8Array
  readonly quick: Uint8Array
  /** Of different faces, none of which `quick` was calibrated on. */
  readonly faces: readonly FaceViews[]
  readonly pack: Pick<PackIdentity, 'threshold' | 'impostorP99'>
  readonly openModel: OpenModel
  /** What this process has used so far, milliseconds. */
  readonly cpuMs?: () => number
  readonly onFace: () => void
}

/** Embeds the faces with both graphs, and compares templates, scores and cost. */
export function selfTest({
  exact,
  quick,
  faces,
  pack,
  openModel,
  onFace,
  cpuMs = usedCpuMs,
}: Trial): Promise<Int8SelfTest> {
  return withModel(openModel, exact, (exactModel) =>
    withModel(openModel, quick, async (quickModel) => {
      const templates: { exact: Float32Array; quick: Float32Array }[] = []
      for (const views of faces) {
        templates.push({ exact: await embed(exactModel, views), quick: await embed(quickModel, views) })
        onFace()
      }
      const comparison = compareTemplates(
        templates.map((pair) => pair.exact),
        templates.map((pair) => pair.quick),
        pack.threshold,
      )
      const [exactMs, quickMs] = await costs([exactModel, quickModel], faces[0] ?? [], cpuMs)
      return { ...rounded(comparison), cpuMs: round(quickMs), cpuMsFloat32: round(exactMs) }
    }),
  )
}

/** Why a graph may not stand in for the exact one; empty where it may. */
export function objections(test: Int8SelfTest, pack: Trial['pack']): readonly string[] {
  const shiftMax = SCORE_SHIFT_MAX * (pack.threshold - pack.impostorP99)
  const atMost = (what: string, value: number, limit: number) =>
    value <= limit ? [] : [`${what} ${round(value)}, ${round(limit)} allowed`]
  return [
    ...(test.faces >= FACES_MIN ? [] : [`only ${test.faces} faces, ${FACES_MIN} needed`]),
    ...(test.cosineMin >= COSINE_MIN ? [] : [`a template's cosine is ${test.cosineMin}, ${COSINE_MIN} needed`]),
    ...atMost("noise as a share of the faces' variance", test.noise, NOISE_MAX),
    ...atMost('scores shifted by', test.scoreShift, shiftMax),
    ...atMost('share of pairs decided otherwise', test.decisionsChanged, DECISIONS_CHANGED_MAX),
    ...atMost("CPU time as a share of float32's", test.cpuMs / test.cpuMsFloat32, CPU_SHARE_MAX),
  ]
}

async function embed(model: RunningModel, views: FaceViews): Promise<Float32Array> {
  let embedding = new Float32Array()
  for (const view of views) {
    const [output] = await model.run([view])
    const data = output?.data ?? new Float32Array()
    embedding = Float32Array.from(data, (value, i) => value + (embedding[i] ?? 0))
  }
  const norm = Math.sqrt(embedding.reduce((total, value) => total + value * value, 0))
  return embedding.map((value) => value / norm)
}

/** Medians, CPU-ms of a run. */
async function costs(
  models: readonly [RunningModel, RunningModel],
  [view]: FaceViews,
  cpuMs: () => number,
): Promise<[number, number]> {
  const costs: [number[], number[]] = [[], []]
  for (let run = 0; run < TIMED_RUNS && view !== undefined; run++) {
    for (const [index, model] of models.entries()) {
      const began = cpuMs()
      await model.run([view])
      costs[index]?.push(cpuMs() - began)
    }
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
  return [median(costs[0]), median(costs[1])]
}

function usedCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / MICROSECONDS_PER_MS
}

function rounded<T extends object>(figures: T): T {
  return Object.assign({ ...figures }, ...Object.entries(figures).map(([name, value]) => ({ [name]: round(value) })))
}

/** What is more precise was not measured. */
function round(value: number): number {
  return Number(value.toFixed(5))
}
