import { formatClock, formatMib, formatMs, formatRate, formatShare } from '../../loadtest/report/format.ts'
import type { LiveFigures, Watcher } from '../../loadtest/watcher.ts'

/** Where no terminal redraws a line, one is written each time this part of a load is over. */
const PLAIN_STEP = 0.1
const ERASE_LINE = '\r\u001b[2K'

/** Shows how a load goes on standard error: a line that is redrawn on a terminal, a line now and then elsewhere. */
export function liveLine(): Watcher & { end(): void } {
  const redraws = process.stderr.isTTY === true
  let doing = ''
  let nextShare = 0
  const write = (text: string) => process.stderr.write(redraws ? `${ERASE_LINE}${text}` : `${text}\n`)
  return {
    say: (sentence) => write(redraws ? `${sentence}\n` : sentence),
    phase: (name) => {
      doing = name
      nextShare = PLAIN_STEP
      write(`${name} ...`)
    },
    live: (figures) => {
      const share = figures.seconds / figures.ofSeconds
      if (!redraws && share < nextShare) return
      while (nextShare <= share) nextShare += PLAIN_STEP
      write(lineOf(doing, figures).slice(0, redraws ? process.stderr.columns - 1 : undefined))
    },
    end: () => {
      if (redraws) process.stderr.write(ERASE_LINE)
    },
  }
}

function lineOf(doing: string, { recorder, seconds, ofSeconds, server }: LiveFigures): string {
  const slice = recorder.slices.at(-1)
  const parts = [`${doing} ${formatClock(seconds)}/${formatClock(ofSeconds)}`]
  if (slice !== undefined) {
    const { answered, refused, failed, latency } = slice
    parts.push(
      formatRate(answered / slice.seconds),
      `p50 ${formatMs(latency?.p50Ms)}`,
      `p99 ${formatMs(latency?.p99Ms)}`,
      `refused ${refused}`,
      `failed ${failed}`,
    )
  }
  if (server !== null) parts.push(`server ${formatShare(server.cpuShare)} CPU`, formatMib(server.rssBytes))
  return parts.join('  ')
}
