import { ApiError } from './api-error.ts'

const ATTEMPTS_MAX = 5
const WAIT_MS = 1_000
const SECOND_MS = 1_000

/** Tries again what fails for reasons that pass, as long as the server asks for or longer every time. */
export async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await work()
    } catch (error) {
      if (signal.aborted || !(error instanceof ApiError && error.passes) || attempt === ATTEMPTS_MAX) throw error
      const seconds = error.details.retry_after_seconds
      await wait(typeof seconds === 'number' ? seconds * SECOND_MS : WAIT_MS * 2 ** (attempt - 1), signal)
      signal.throwIfAborted()
    }
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    const stop = () => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
