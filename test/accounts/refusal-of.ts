import { Refusal } from '../../src/domain/errors.ts'

/** What was refused, in full, so that two refusals can be compared as their receiver would. */
export async function refusalOf(work: Promise<unknown>): Promise<{ code: string; details: unknown }> {
  try {
    await work
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, details: error.details }
    throw error
  }
  throw new Error('was not refused')
}
