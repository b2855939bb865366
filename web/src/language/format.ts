import type { Language } from './languages.ts'

const LOCALES: Readonly<Record<Language, string>> = { vi: 'vi-VN', en: 'en-GB' }
const KILO = 1000
const SCORE_DECIMALS = 3

export interface Format {
  /** With at most `decimals` digits after the point. */
  readonly number: (value: number, decimals?: number) => string
  /** Of a comparison: always as many digits, so that a column of them can be compared. */
  readonly score: (value: number) => string
  /** Of a share from 0 to 1. */
  readonly percent: (share: number, decimals?: number) => string
  readonly dateTime: (at: string | Date) => string
  readonly date: (at: string | Date) => string
  readonly time: (at: string | Date) => string
  readonly bytes: (bytes: number) => string
  /** Seconds as the two largest units that matter: "3 h 20 min". */
  readonly duration: (seconds: number) => string
  readonly milliseconds: (ms: number) => string
  /** "a, b and c" */
  readonly list: (items: readonly string[]) => string
}

export function formatIn(language: Language): Format {
  const locale = LOCALES[language]
  const when = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, options)
    return (at: string | Date) => format.format(typeof at === 'string' ? new Date(at) : at)
  }
  const number = (value: number, decimals = 0) => value.toLocaleString(locale, { maximumFractionDigits: decimals })
  const unit = (value: number, name: string, decimals = 0) =>
    value.toLocaleString(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: decimals,
    })
  return {
    number,
    score: (value) =>
      value.toLocaleString(locale, { minimumFractionDigits: SCORE_DECIMALS, maximumFractionDigits: SCORE_DECIMALS }),
    percent: (share, decimals = 0) =>
      share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: decimals }),
    dateTime: when({ dateStyle: 'short', timeStyle: 'medium' }),
    date: when({ dateStyle: 'medium' }),
    time: when({ timeStyle: 'short' }),
    bytes: (bytes) => {
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
      const power = bytes < KILO ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(KILO)))
      const value = bytes / KILO ** power
      return unit(value, units[power] ?? 'byte', value < 10 && power > 0 ? 1 : 0)
    },
    duration: (seconds) => {
      const parts: [number, string][] = [
        [Math.floor(seconds / 86_400), 'day'],
        [Math.floor(seconds / 3_600) % 24, 'hour'],
        [Math.floor(seconds / 60) % 60, 'minute'],
        [Math.floor(seconds) % 60, 'second'],
      ]
      const first = parts.findIndex(([value]) => value > 0)
      if (first < 0) return unit(0, 'second')
      return parts
        .slice(first, first + 2)
        .filter(([value]) => value > 0)
        .map(([value, name]) => unit(value, name))
        .join(' ')
    },
    milliseconds: (ms) => (ms < KILO ? unit(ms, 'millisecond', ms < 10 ? 1 : 0) : unit(ms / KILO, 'second', 1)),
    list: (items) => new Intl.ListFormat(locale).format(items),
  }
}
