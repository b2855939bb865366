import { PATHS } from '../../http/wire/paths.ts'
import { LoadTestProblem } from '../problem.ts'
import { type Call, jsonOf, textAt } from './call.ts'
import type { Connections } from './target.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface Session {
  readonly token: string
  readonly role: string
}

export function signInCall({ username, password }: Credentials): Call {
  return {
    operation: 'signIn',
    method: 'POST',
    path: PATHS.signIn,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username, password }).toString(),
  }
}

export function signOutCall(token: string): Call {
  const headers = { authorization: `Bearer ${token}` }
  return { operation: 'signOut', method: 'POST', path: PATHS.signOut, headers }
}

/** @throws LoadTestProblem with what the server said */
export async function signIn(connections: Connections, credentials: Credentials): Promise<Session> {
  const answer = await connections.send(signInCall(credentials))
  const body = jsonOf(answer)
  const [token, role] = [textAt(body, 'token'), textAt(body, 'role')]
  if (answer.outcome !== 'answered' || token === null || role === null)
    throw new LoadTestProblem(
      `${credentials.username} cannot sign in (${answer.code}): ${textAt(body, 'error') ?? 'the server said nothing'}`,
    )
  return { token, role }
}
