import { browsing } from './browse.ts'
import { enrolling } from './enrol.ts'
import { recognising } from './recognise.ts'
import type { Materials, Work } from './work.ts'

/** Of twenty turns: fourteen recognise, five browse, one enrols. */
const ROUND = 20
const ENROL_AT = 7
const BROWSE_EVERY = 4

/** What a day is made of: mostly recognising, some browsing, a little enrolment. */
export function mixing(materials: Materials): Work {
  const [recognise, browse, enrol] = [recognising(materials), browsing(), enrolling(materials)]
  return {
    async turn(send, number) {
      const place = number % ROUND
      if (place === ENROL_AT) await enrol.turn(send, number)
      else if (place % BROWSE_EVERY === 0) await browse.turn(send, number / BROWSE_EVERY)
      else await recognise.turn(send, number)
    },
  }
}
