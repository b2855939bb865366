const NICE_STEPS = [1, 2, 2.5, 5, 10] as const
const SECONDS_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400] as const

/** Round values from 0 up to at least the greatest, about as many as wanted. */
export function ticksUpTo(greatest: number, wanted: number): readonly number[] {
  if (!(greatest > 0)) return [0, 1]
  const rough = greatest / wanted
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = magnitude * (NICE_STEPS.find((nice) => nice * magnitude >= rough * 0.999) ?? 10)
  return Array.from({ length: Math.ceil(greatest / step - 1e-9) + 1 }, (_, index) => index * step)
}

/** Round times within a run. */
export function timeTicks(seconds: number, wanted: number): readonly number[] {
  const step = SECONDS_STEPS.find((nice) => seconds / nice <= wanted) ?? seconds
  return Array.from({ length: Math.floor(seconds / step + 1e-9) + 1 }, (_, index) => index * step)
}
