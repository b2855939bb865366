import type { Connections } from './client/target.ts'
import { type Driver, drive, type Load } from './drive.ts'
import { type HandleChange, handlesAfter, readHandles } from './measuring/handles.ts'
import { measureOwnCost, type OwnCost } from './measuring/own-cost.ts'
import type { Recorded, Recorder } from './measuring/recorder.ts'
import { type ServerSample, wasRestarted, watchServer } from './measuring/server-watch.ts'
import { trendOf } from './measuring/trend.ts'
import type { Plan } from './plan.ts'
import type { ServerFigures } from './report/report.ts'
import type { Watcher } from './watcher.ts'

const SECOND_MS = 1_000

export interface Measured {
  readonly recorded: Recorded
  readonly server: ServerFigures
  readonly tool: OwnCost
  readonly seconds: number
  readonly ratePerSecond: number | null
}

type Asked = Pick<Plan, 'metricsToken'> & Load

/** Loads the server and measures what comes of it, what the server says of itself meanwhile, and what it holds after. */
export async function measure(
  asked: Asked,
  driver: Driver,
  aside: Connections,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<Measured> {
  const readOpen = async () => await readHandles(aside, asked.metricsToken)
  const before = await readOpen()
  const samples: ServerSample[] = []
  const over = new AbortController()
  const beside: Promise<void>[] = []
  const ownCost = measureOwnCost()
  watcher.phase(asked.ratePerSecond === null ? 'loading' : `loading, ${asked.ratePerSecond.toPrecision(3)}/s`)
  const begun = (recorder: Recorder) => {
    const note = (sample: ServerSample) => {
      // Answers are waited for after the end, when nothing is asked any more.
      if (sample.seconds <= asked.seconds) samples.push(sample)
    }
    beside.push(watchServer(aside, recorder.startMs, note, over.signal))
    const timer = setInterval(() => {
      recorder.advance(performance.now())
      const seconds = Math.min(asked.seconds, (performance.now() - recorder.startMs) / SECOND_MS)
      watcher.live({ recorder, seconds, ofSeconds: asked.seconds, server: samples.at(-1) ?? null })
    }, SECOND_MS)
    over.signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  }
  try {
    const { recorder, seconds } = await drive(driver, asked, begun, signal)
    const recorded = recorder.result(seconds)
    const { answered, refused, failed } = recorded.totals
    const tool = ownCost(answered + refused + failed)
    over.abort()
    await Promise.all(beside)
    const handles = before === null ? null : await handlesAfter(readOpen, before)
    return { recorded, server: serverFigures(samples, handles), tool, seconds, ratePerSecond: asked.ratePerSecond }
  } finally {
    over.abort()
  }
}

function serverFigures(samples: readonly ServerSample[], handles: HandleChange | null): ServerFigures {
  const cpuShares = samples.map(({ cpuShare }) => cpuShare)
  const any = samples.length > 0
  return {
    samples,
    cpuShareMean: any ? cpuShares.reduce((sum, share) => sum + share, 0) / samples.length : null,
    cpuShareMax: any ? Math.max(...cpuShares) : null,
    rssBytesMax: any ? Math.max(...samples.map(({ rssBytes }) => rssBytes)) : null,
    rssTrend: trendOf(samples.map(({ seconds, rssBytes }) => ({ seconds, value: rssBytes }))),
    handles,
    wasRestarted: wasRestarted(samples),
  }
}
