import { Refusal } from '../domain/errors.ts'
import { formatValue } from './output/format.ts'
import type { Measure, Section } from './report.ts'

/** What a measure must reach: at least this where more is better, at most this where less is. */
export interface Target {
  /** `set.measure`, or `measure` for this measure of every set. */
  readonly key: string
  readonly value: number
  /** As it was written. */
  readonly text: string
}

export interface TargetResult {
  readonly wanted: string
  readonly measured: string
  readonly met: boolean
}

const TARGET = /^([^=]+)=(\d+(?:\.\d+)?)(?:\/(\d+))?$/

/**
 * Reads `rank1=0.99` and `groups.right=20/21`.
 * @throws Refusal `field-invalid`
 */
export function parseTarget(text: string): Target {
  const [, key, value, of] = TARGET.exec(text.trim()) ?? []
  if (key === undefined || value === undefined)
    throw new Refusal('field-invalid', { field: 'require', reason: `${text} is not like rank1=0.99 or found=20/21` })
  return { key: key.trim(), value: of === undefined ? Number(value) : Number(value) / Number(of), text: text.trim() }
}

/** A target that no measure answers to is missed, as is one whose measure could not be taken. */
export function checkTargets(targets: readonly Target[], sections: readonly Section[]): TargetResult[] {
  return targets.flatMap((target) => {
    const named = sections.flatMap((section) =>
      section.measures
        .filter(({ key }) => target.key === key || target.key === `${section.set}.${key}`)
        .map((measure) => ({ measure, set: section.set })),
    )
    if (named.length === 0) return [{ wanted: target.text, measured: 'not measured', met: false }]
    return named.map(({ measure, set }) => ({
      wanted: `${set}: ${measure.label} ${measure.better === 'lower' ? '≤' : '≥'} ${wantedText(target, measure)}`,
      measured: measuredText(measure),
      met: reaches(measure, target.value),
    }))
  })
}

function reaches({ value, better }: Measure, wanted: number): boolean {
  if (value === null) return false
  return better === 'lower' ? value <= wanted : value >= wanted
}

function wantedText({ text, value }: Target, { unit }: Measure): string {
  const [, written = ''] = text.split('=')
  return written.includes('/') ? written.replace('/', ' of ') : formatValue(value, unit)
}

function measuredText({ value, unit, rate }: Measure): string {
  return rate === null ? formatValue(value, unit) : `${formatValue(value, unit)} (${rate.hits} of ${rate.trials})`
}
