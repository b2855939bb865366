import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  /** @param done of the total, in the unit given */
  update(done: number): void
  end(): void
}

/** Lines a command writes where no terminal redraws a bar: one per this part of the work. */
const PLAIN_STEP = 0.1

/**
 * How far a long piece of work is, with its rate and the time left, on standard error: a bar on a terminal, a line now
 * and then elsewhere.
 */
export function showProgress(label: string, total: number, unit: string): Progress {
  return process.stderr.isTTY ? bar(label, total, unit) : lines(label, total, unit)
}

function bar(label: string, total: number, unit: string): Progress {
  const started = performance.now()
  const drawn = new SingleBar(
    {
      format: `${label} [{bar}] {value}/{total} ${unit}  {rate}/s  {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  )
  drawn.start(total, 0, { rate: '-' })
  return {
    update: (done) => drawn.update(done, { rate: perSecond(done, started) }),
    end: () => drawn.stop(),
  }
}

function lines(label: string, total: number, unit: string): Progress {
  const started = performance.now()
  let next = PLAIN_STEP
  return {
    update(done) {
      if (done < total * next) return
      next = Math.floor(done / total / PLAIN_STEP + 1) * PLAIN_STEP
      process.stderr.write(`${label}: ${done}/${total} ${unit}, ${perSecond(done, started)}/s\n`)
    },
    end: () => {},
  }
}

function perSecond(done: number, startedMs: number): string {
  const rate = done / Math.max(0.001, (performance.now() - startedMs) / 1000)
  return rate >= 100 ? rate.toFixed(0) : rate.toPrecision(2)
}
