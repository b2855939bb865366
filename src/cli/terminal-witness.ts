import type { Witness } from '../compose.ts'

/** Steps and notices as lines on standard error, so that standard output holds results only. */
export const terminalWitness: Witness = {
  step: (text) => process.stderr.write(`nhandien: ${text} …\n`),
  notice: (message, facts) => process.stderr.write(`nhandien: ${message} ${JSON.stringify(facts)}\n`),
}
