/** One metric of Prometheus' text format 0.0.4. */
export interface Metric {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly value: number
  }[]
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (-?[0-9.eE+-]+|NaN|Nan|[+-]Inf)$`)
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

/** Reads an exposition strictly. @throws Error with the first line that is not as the format says */
export function parseExposition(text: string): ReadonlyMap<string, Metric> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const metrics = new Map<string, Metric & { samples: Metric['samples'][number][] }>()
  let help: readonly [name: string, text: string] | null = null
  let current: (Metric & { samples: Metric['samples'][number][] }) | null = null
  for (const line of text.split('\n')) {
    const wrong = (why: string) => new Error(`${why}: ${line}`)
    if (line === '') continue
    const [, helped, helpText = ''] = new RegExp(`^# HELP (${NAME}) (.+)$`).exec(line) ?? []
    const [, typed, type = ''] = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary)$`).exec(line) ?? []
    if (helped !== undefined) {
      help = [helped, helpText]
    } else if (typed !== undefined) {
      if (help?.[0] !== typed) throw wrong('no help before the type')
      if (metrics.has(typed)) throw wrong('told twice')
      current = { name: typed, type, help: help[1], samples: [] }
      metrics.set(typed, current)
    } else {
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? []
      const owner = current
      if (owner === null || !SUFFIXES[owner.type]?.some((suffix) => name === owner.name + suffix))
        throw wrong('of no metric')
      owner.samples.push({ name, labels: parseLabels(labels, wrong), value: Number(value.replace('Inf', 'Infinity')) })
    }
  }
  for (const metric of metrics.values()) checkMetric(metric)
  return metrics
}

function parseLabels(text: string, wrong: (why: string) => Error): Record<string, string> {
  const labels: Record<string, string> = {}
  for (let rest = text; rest !== ''; ) {
    const [whole = '', name, value = ''] = LABEL.exec(rest) ?? []
    if (name === undefined || name in labels) throw wrong('labels')
    labels[name] = value
    rest = rest.slice(whole.length)
  }
  return labels
}

function checkMetric({ name, type, samples }: Metric): void {
  const keys = samples.map((sample) => `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`)
  if (new Set(keys).size !== keys.length) throw new Error(`${name} has a sample twice`)
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0))) throw new Error(`${name} counts below zero`)
  if (type !== 'histogram') return
  const series = new Map<string, Metric['samples'][number][]>()
  for (const sample of samples) {
    const { le: _, ...labels } = sample.labels
    const key = JSON.stringify(labels)
    series.set(key, [...(series.get(key) ?? []), sample])
  }
  for (const ofSeries of series.values()) {
    const buckets = ofSeries.filter((sample) => sample.name.endsWith('_bucket'))
    const bounds = buckets.map(({ labels }) => Number((labels.le ?? '').replace('Inf', 'Infinity')))
    const counts = buckets.map(({ value }) => value)
    const isRising = (values: readonly number[]) => values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0))
    const total = ofSeries.find((sample) => sample.name.endsWith('_count'))?.value
    if (!isRising(bounds) || !isRising(counts) || bounds.at(-1) !== Number.POSITIVE_INFINITY || counts.at(-1) !== total)
      throw new Error(`${name} has buckets that do not add up`)
  }
}
