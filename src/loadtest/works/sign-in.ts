import { jsonOf, textAt } from '../client/call.ts'
import { signInCall, signOutCall } from '../client/sign-in.ts'
import { LoadTestProblem } from '../problem.ts'
import type { Materials, Work } from './work.ts'

/** Signs in and out again, so that no session is left. */
export function signingIn({ credentials }: Materials): Work {
  if (credentials === null) throw new LoadTestProblem('Signing in needs an account: give --username.')
  return {
    async turn(send) {
      const token = textAt(jsonOf(await send(signInCall(credentials))), 'token')
      if (token !== null) await send(signOutCall(token))
    },
  }
}
