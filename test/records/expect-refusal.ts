import { expect } from 'vitest'
import { isRefusal, type RefusalCode } from '../../src/domain/errors.ts'

/** Expects that the work is refused with the code; a fault or a success shows as itself. */
export async function expectRefusal(work: Promise<unknown>, code: RefusalCode): Promise<void> {
  const outcome = await work.then(
    () => 'was accepted',
    (error: unknown) => error,
  )
  expect(isRefusal(outcome) ? outcome.code : outcome).toBe(code)
}
