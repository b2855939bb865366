import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../domain/errors.ts'
import { actorOf, sessionOf } from '../authenticate.ts'
import { describe } from '../describe.ts'
import { queryForm } from '../read-form.ts'
import {
  AccountAnswer,
  AccountsAnswer,
  accountAnswer,
  accountsAnswer,
  LOCKED,
  NEW_PASSWORD,
  OLD_PASSWORD,
  PasswordAnswer,
  passwordAnswer,
  RegisterAnswer,
  RemoveAccountAnswer,
  ROLE,
  registerAnswer,
  removeAccountAnswer,
} from '../wire/account.ts'
import { PATHS } from '../wire/paths.ts'
import { PASSWORD, USERNAME } from '../wire/session.ts'
import type { RouteContext } from './context.ts'

const CREATED = 201

/** Making, listing, changing and removing accounts. */
export function accountRoutes(app: FastifyInstance, context: RouteContext): void {
  registrationRoutes(app, context)
  ownPasswordRoute(app, context)
  administrationRoutes(app, context)
}

function registrationRoutes(app: FastifyInstance, context: RouteContext): void {
  const { operations, readForm, limitSignIns } = context
  const access = context.openRegistration ? 'open' : 'admin'
  for (const url of [PATHS.register, PATHS.registerAlias])
    app.post(
      url,
      {
        config: { access },
        onRequest: limitSignIns,
        schema: describe({
          id: url === PATHS.register ? 'register' : 'registerByAlias',
          tag: 'Accounts',
          summary: 'Make an account',
          description:
            'For administrators. Where registration is open, anybody may call it; whoever is no administrator gets a viewer.',
          access,
          fields: [USERNAME, PASSWORD, ROLE],
          required: [USERNAME, PASSWORD],
          status: CREATED,
          answer: RegisterAnswer,
          refusals: ['token-missing', 'forbidden', 'field-missing', 'username-taken', 'password-unfit', 'overloaded'],
        }),
      },
      async (request, reply): Promise<RegisterAnswer> => {
        const form = await readForm(request)
        const role = form.optional(ROLE)
        const wish = { username: form.required(USERNAME), password: form.required(PASSWORD) }
        const registration = role === undefined ? wish : { ...wish, role }
        const account = await operations.accounts.register(registration, request.session, actorOf(request))
        reply.code(CREATED)
        return registerAnswer(account)
      },
    )
}

function ownPasswordRoute(app: FastifyInstance, { operations, readForm, limitSignIns }: RouteContext): void {
  app.post(
    PATHS.password,
    {
      config: { access: 'viewer' },
      onRequest: limitSignIns,
      schema: describe({
        id: 'changePassword',
        tag: 'Accounts',
        summary: 'Change your own password; your other sessions end',
        access: 'viewer',
        fields: [OLD_PASSWORD, NEW_PASSWORD],
        required: [OLD_PASSWORD, NEW_PASSWORD],
        answer: PasswordAnswer,
        refusals: ['field-missing', 'credentials-invalid', 'account-locked', 'password-unfit', 'overloaded'],
      }),
    },
    async (request): Promise<PasswordAnswer> => {
      const form = await readForm(request)
      const change = { oldPassword: form.required(OLD_PASSWORD), newPassword: form.required(NEW_PASSWORD) }
      if (request.token === null) throw new Refusal('token-missing')
      await operations.accounts.changeOwnPassword(sessionOf(request), request.token, change, actorOf(request))
      return passwordAnswer()
    },
  )
}

function administrationRoutes(app: FastifyInstance, { operations, readForm }: RouteContext): void {
  app.get(
    PATHS.accounts,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'listAccounts',
        tag: 'Accounts',
        summary: 'Every account',
        access: 'admin',
        answer: AccountsAnswer,
        refusals: [],
      }),
    },
    async (): Promise<AccountsAnswer> => accountsAnswer(await operations.accounts.list()),
  )

  app.patch(
    PATHS.account,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'changeAccount',
        tag: 'Accounts',
        summary: 'Change the role, lock or unlock, set a password',
        description: 'A lock and a new password end the sessions of the account.',
        access: 'admin',
        params: [USERNAME],
        fields: [ROLE, LOCKED, PASSWORD],
        answer: AccountAnswer,
        refusals: ['account-not-found', 'field-missing', 'last-admin', 'password-unfit', 'overloaded'],
      }),
    },
    async (request): Promise<AccountAnswer> => {
      const username = queryForm(request).required(USERNAME)
      const form = await readForm(request)
      const role = form.optional(ROLE)
      const locked = form.optional(LOCKED)
      const password = form.optional(PASSWORD)
      if (role === undefined && locked === undefined && password === undefined)
        throw new Refusal('field-missing', { field: 'role' })
      const changes = {
        ...(role === undefined ? {} : { role }),
        ...(locked === undefined ? {} : { locked }),
        ...(password === undefined ? {} : { password }),
      }
      return accountAnswer(await operations.accounts.change(username, changes, actorOf(request)))
    },
  )

  app.delete(
    PATHS.account,
    {
      config: { access: 'admin' },
      schema: describe({
        id: 'removeAccount',
        tag: 'Accounts',
        summary: 'Remove an account; its sessions end',
        access: 'admin',
        params: [USERNAME],
        answer: RemoveAccountAnswer,
        refusals: ['account-not-found', 'last-admin'],
      }),
    },
    async (request): Promise<RemoveAccountAnswer> => {
      const username = queryForm(request).required(USERNAME)
      await operations.accounts.remove(username, actorOf(request))
      return removeAccountAnswer(username)
    },
  )
}
