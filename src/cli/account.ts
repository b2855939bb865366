import { Argument, Command, Option } from 'commander'
import { CONSOLE, openDatabase } from '../compose.ts'
import { argon2Passwords } from '../credentials/argon2-passwords.ts'
import { passwordRules } from '../credentials/password-rules.ts'
import { randomTokens } from '../credentials/random-tokens.ts'
import { ROLES, type Role } from '../domain/account.ts'
import type { Passwords } from '../domain/credentials.ts'
import { type AccountKeeper, accountKeeper, type ListedAccount } from '../operations/accounts.ts'
import { passwordChecker } from '../operations/check-password.ts'
import { printable } from './printable.ts'
import { readConfig } from './read-config.ts'
import { readNewPassword } from './read-secret.ts'
import { terminalWitness } from './terminal-witness.ts'

export function accountCommand(): Command {
  return new Command('account')
    .description('who may sign in; works beside a running server, and changes hold at once')
    .addCommand(
      new Command('add')
        .description('make an account; its password is asked for, or read from standard input')
        .argument('<username>')
        .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('viewer'))
        .option('--random', 'make the password up and show it once', false)
        .action(add),
    )
    .addCommand(
      new Command('passwd')
        .description('set a new password; ends the sessions of the account and forgives failed sign-ins')
        .argument('<username>')
        .option('--random', 'make the password up and show it once', false)
        .action(passwd),
    )
    .addCommand(
      new Command('role')
        .description('change what an account may do')
        .argument('<username>')
        .addArgument(new Argument('<role>').choices(ROLES))
        .action((username: string, role: Role) => change(username, { role })),
    )
    .addCommand(
      new Command('lock')
        .description('keep an account from signing in; ends its sessions')
        .argument('<username>')
        .action((username: string) => change(username, { locked: true })),
    )
    .addCommand(
      new Command('unlock')
        .description('let an account sign in again; forgives failed sign-ins')
        .argument('<username>')
        .action((username: string) => change(username, { locked: false })),
    )
    .addCommand(new Command('list').description('every account').option('--json', 'as JSON', false).action(list))
    .addCommand(new Command('remove').description('remove an account').argument('<username>').action(remove))
}

async function add(username: string, { role, random }: { role: Role; random: boolean }): Promise<void> {
  await withAccounts(async (keeper, passwords) => {
    const password = random ? passwords.random() : await readNewPassword(printable(username))
    const account = await keeper.create({ username, password, role }, CONSOLE)
    say(
      `${printable(account.username)} may sign in as ${account.role}${random ? ` with the password ${password}` : ''}`,
    )
  })
}

async function passwd(username: string, { random }: { random: boolean }): Promise<void> {
  await withAccounts(async (keeper, passwords) => {
    const password = random ? passwords.random() : await readNewPassword(printable(username))
    const account = await keeper.change(username, { password }, CONSOLE)
    say(`${printable(account.username)} has ${random ? `the password ${password}` : 'a new password'}`)
  })
}

async function change(username: string, changes: { role?: Role; locked?: boolean }): Promise<void> {
  await withAccounts(async (keeper) => say(describe(await keeper.change(username, changes, CONSOLE))))
}

async function list({ json }: { json: boolean }): Promise<void> {
  await withAccounts(async (keeper) => {
    const accounts = await keeper.list()
    say(json ? JSON.stringify(accounts, null, 2) : accounts.map(describe).join('\n'))
  })
}

async function remove(username: string): Promise<void> {
  await withAccounts(async (keeper) => {
    await keeper.remove(username, CONSOLE)
    say(`${printable(username)} is removed`)
  })
}

/** On the database alone: no models are loaded. */
async function withAccounts(work: (keeper: AccountKeeper, passwords: Passwords) => Promise<void>): Promise<void> {
  const config = readConfig()
  const { accounts, close } = await openDatabase(config, terminalWitness)
  try {
    const passwords = await argon2Passwords()
    const clock = () => new Date()
    const keeper = accountKeeper({
      accounts,
      passwords,
      passwordRules: passwordRules(config.passwordLengthMin),
      checkPassword: passwordChecker({ accounts, passwords, clock }),
      tokens: randomTokens,
      openRegistration: config.openRegistration,
    })
    await work(keeper, passwords)
  } finally {
    await close()
  }
}

function describe({ username, role, disabled, lockedUntil }: ListedAccount): string {
  const locks = [
    ...(disabled ? ['locked'] : []),
    ...(lockedUntil !== null && lockedUntil > new Date()
      ? [`locked for strangers until ${lockedUntil.toISOString()}`]
      : []),
  ]
  return [printable(username), role, ...locks].join('\t')
}

function say(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`)
}
