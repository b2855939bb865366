export const SHAPE_NAMES = ['steady', 'ramp', 'spike'] as const
export type ShapeName = (typeof SHAPE_NAMES)[number]

/** A stretch of a run in which the load is the same. */
export interface Phase {
  readonly name: string
  /** Milliseconds since the start of the run. */
  readonly startMs: number
  readonly endMs: number
  /** Of all clients, or of the whole rate, 0 to 1. */
  readonly share: number
}

interface Stretch {
  readonly name: string
  /** Of the whole time. */
  readonly time: number
  readonly share: number
}

const RAMP_STEPS = 10
/** Of the load of a spike, before and after it. */
const CALM = 0.2

const SHAPES: Readonly<Record<ShapeName, readonly Stretch[]>> = {
  steady: [{ name: 'steady', time: 1, share: 1 }],
  ramp: Array.from({ length: RAMP_STEPS }, (_, step) => ({
    name: `step ${step + 1} of ${RAMP_STEPS}`,
    time: 1 / RAMP_STEPS,
    share: (step + 1) / RAMP_STEPS,
  })),
  spike: [
    { name: 'before', time: 0.4, share: CALM },
    { name: 'spike', time: 0.2, share: 1 },
    { name: 'after', time: 0.4, share: CALM },
  ],
}

export function phasesOf(shape: ShapeName, durationMs: number): readonly Phase[] {
  let startMs = 0
  return SHAPES[shape].map(({ name, time, share }) => {
    const endMs = startMs + time * durationMs
    const phase = { name, share, startMs, endMs }
    startMs = endMs
    return phase
  })
}

/** Its index; -1 once the run is over. */
export function phaseAt(phases: readonly Phase[], elapsedMs: number): number {
  return phases.findIndex(({ endMs }) => elapsedMs < endMs)
}

/** Of so many clients those that are at work; at least one. */
export function clientsIn({ share }: Pick<Phase, 'share'>, clients: number): number {
  return Math.max(1, Math.round(share * clients))
}
