/** What a shell says of a command that Ctrl-C ended. */
export const INTERRUPTED = 130

/**
 * Ctrl-C, or SIGTERM, ends early what listens to the signal; a second one ends the process at once.
 * @returns the signal, and what stops listening
 */
export function onInterrupt(say: (sentence: string) => void): { readonly signal: AbortSignal; release(): void } {
  const early = new AbortController()
  const interrupt = () => {
    if (early.signal.aborted) process.exit(INTERRUPTED)
    say('Ending early; once more ends at once, without cleaning up.')
    early.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return {
    signal: early.signal,
    release: () => {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', interrupt)
    },
  }
}
