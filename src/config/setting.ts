/** One thing that whoever runs the server may set, as the environment names it and as the code reads it. */
export interface Setting<T> {
  /** What it does, for `nhandien config` and the documentation. */
  readonly about: string
  /** As it would stand in the environment; '' where there is none. */
  readonly fallback: string
  readonly secret: boolean
  /** @throws Error that says what is expected */
  readonly read: (raw: string) => T
}

export interface IntegerRange {
  readonly min: number
  readonly max: number
}

export function text(fallback: string, about: string): Setting<string> {
  return { about, fallback, secret: false, read: (raw) => raw }
}

/** Is masked wherever settings are shown. */
export function secretText(about: string): Setting<string> {
  return { about, fallback: '', secret: true, read: (raw) => raw }
}

export function integer(fallback: number, { min, max }: IntegerRange, about: string): Setting<number> {
  return { about, fallback: String(fallback), secret: false, read: (raw) => readInteger(raw, min, max) }
}

/** An integer, or null where nothing is set. */
export function optionalInteger({ min, max }: IntegerRange, about: string): Setting<number | null> {
  return { about, fallback: '', secret: false, read: (raw) => (raw === '' ? null : readInteger(raw, min, max)) }
}

export function decimal(fallback: number, { min, max }: IntegerRange, about: string): Setting<number> {
  return { about, fallback: String(fallback), secret: false, read: (raw) => readDecimal(raw, min, max) }
}

export function optionalDecimal({ min, max }: IntegerRange, about: string): Setting<number | null> {
  return { about, fallback: '', secret: false, read: (raw) => (raw === '' ? null : readDecimal(raw, min, max)) }
}

export function onOff(fallback: 'on' | 'off', about: string): Setting<boolean> {
  return {
    about,
    fallback,
    secret: false,
    read: (raw) => {
      if (['on', 'true', '1', 'yes'].includes(raw.toLowerCase())) return true
      if (['off', 'false', '0', 'no'].includes(raw.toLowerCase())) return false
      throw new Error('expected on or off')
    },
  }
}

export function oneOf<const T extends readonly string[]>(
  values: T,
  fallback: NoInfer<T[number]>,
  about: string,
): Setting<T[number]> {
  return {
    about,
    fallback,
    secret: false,
    read: (raw) => {
      const value = values.find((candidate) => candidate === raw)
      if (value === undefined) throw new Error(`expected one of ${values.join(', ')}`)
      return value
    },
  }
}

/** Comma-separated; empty entries are dropped. */
export function list(fallback: string, about: string): Setting<readonly string[]> {
  return {
    about,
    fallback,
    secret: false,
    read: (raw) =>
      raw
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
  }
}

function readInteger(raw: string, min: number, max: number): number {
  const value = Number(raw)
  if (!/^-?\d+$/.test(raw) || !Number.isSafeInteger(value) || value < min || value > max)
    throw new Error(`expected a whole number from ${min} to ${max}`)
  return value
}

function readDecimal(raw: string, min: number, max: number): number {
  const value = Number(raw)
  if (!/^-?\d+(\.\d+)?$/.test(raw) || value < min || value > max)
    throw new Error(`expected a number from ${min} to ${max}`)
  return value
}

/** A time such as `60s`, `5m` or `500ms`, read as seconds. */
export function duration(fallback: string, about: string): Setting<number> {
  return {
    about,
    fallback,
    secret: false,
    read: (raw) => {
      const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(raw) ?? []
      if (amount === undefined) throw new Error('expected a time such as 60s, 5m or 500ms')
      return Number(amount) * SECONDS_PER_UNIT[unit === 'ms' || unit === 'm' || unit === 'h' ? unit : 's']
    },
  }
}

const SECONDS_PER_UNIT = { ms: 0.001, s: 1, m: 60, h: 3_600 } as const
