import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../domain/errors.ts'
import { actorOf, sessionOf } from '../authenticate.ts'
import { describe } from '../describe.ts'
import { PATHS } from '../wire/paths.ts'
import {
  PASSWORD,
  SessionAnswer,
  SignInAnswer,
  SignOutAnswer,
  sessionAnswer,
  signInAnswer,
  signOutAnswer,
  USERNAME,
} from '../wire/session.ts'
import type { RouteContext } from './context.ts'

/** Signing in and out. */
export function sessionRoutes(app: FastifyInstance, { operations, readForm, limitSignIns }: RouteContext): void {
  for (const url of [PATHS.signIn, PATHS.signInAlias])
    app.post(
      url,
      {
        config: { access: 'open' },
        onRequest: limitSignIns,
        schema: describe({
          id: url === PATHS.signIn ? 'signIn' : 'signInByAlias',
          tag: 'Accounts',
          summary: 'Sign in',
          description: 'The answer to an unknown username is that to a wrong password.',
          access: 'open',
          fields: [USERNAME, PASSWORD],
          required: [USERNAME, PASSWORD],
          answer: SignInAnswer,
          refusals: ['field-missing', 'credentials-invalid', 'account-locked'],
        }),
      },
      async (request): Promise<SignInAnswer> => {
        const form = await readForm(request)
        const username = form.required(USERNAME)
        const password = form.required(PASSWORD)
        return signInAnswer(await operations.door.signIn(username, password, actorOf(request)))
      },
    )

  app.post(
    PATHS.signOut,
    {
      config: { access: 'viewer' },
      schema: describe({
        id: 'signOut',
        tag: 'Accounts',
        summary: 'Sign out: the token is dead at once',
        access: 'viewer',
        answer: SignOutAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<SignOutAnswer> => {
      if (request.token === null) throw new Refusal('token-missing')
      await operations.door.signOut(request.token, actorOf(request))
      return signOutAnswer()
    },
  )

  app.get(
    PATHS.session,
    {
      config: { access: 'viewer' },
      schema: describe({
        id: 'session',
        tag: 'Accounts',
        summary: 'Who is signed in',
        access: 'viewer',
        answer: SessionAnswer,
        refusals: [],
      }),
    },
    async (request): Promise<SessionAnswer> => sessionAnswer(sessionOf(request)),
  )
}
