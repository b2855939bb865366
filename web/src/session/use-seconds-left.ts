import { useEffect, useState } from 'react'

const TICK_MS = 1_000

/** Counts down from `seconds` after the instant `since` (ms); null where there is nothing to count. */
export function useSecondsLeft(seconds: number | null, since: number): number | null {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (seconds === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [seconds])
  return seconds === null ? null : Math.max(0, Math.ceil(seconds - (now - since) / TICK_MS))
}
