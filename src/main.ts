#!/usr/bin/env node
import './config/forbid-telemetry.ts'

import { Command } from 'commander'
import { explain } from './cli/explain.ts'
import { VERSION } from './config/version.ts'

/**
 * In the order of the help. Only the code of the command that is asked for is loaded: a server would hold all of it as
 * long as it runs.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./cli/serve.ts')).serveCommand(),
  enrol: async () => (await import('./cli/enrol.ts')).enrolCommand(),
  identify: async () => (await import('./cli/identify.ts')).identifyCommand(),
  model: async () => (await import('./cli/model.ts')).modelCommand(),
  evaluate: async () => (await import('./cli/evaluate.ts')).evaluateCommand(),
  import: async () => (await import('./cli/import.ts')).importCommand(),
  account: async () => (await import('./cli/account.ts')).accountCommand(),
  person: async () => (await import('./cli/person.ts')).personCommand(),
  audit: async () => (await import('./cli/audit.ts')).auditCommand(),
  backup: async () => (await import('./cli/backup.ts')).backupCommand(),
  keys: async () => (await import('./cli/keys.ts')).keysCommand(),
  gallery: async () => (await import('./cli/gallery.ts')).galleryCommand(),
  purge: async () => (await import('./cli/purge.ts')).purgeCommand(),
  doctor: async () => (await import('./cli/doctor.ts')).doctorCommand(),
  loadtest: async () => (await import('./cli/loadtest.ts')).loadTestCommand(),
  config: async () => (await import('./cli/config.ts')).configCommand(),
}

const program = new Command('nhandien')
  .description('Self-hosted face recognition: a photograph goes in, who it is comes out.')
  .version(VERSION)
  .showHelpAfterError('(nhandien --help lists the commands)')
  .addHelpText('after', '\nSettings come from the environment or a .env file; "nhandien config" lists them all.')

try {
  const [, , asked = ''] = process.argv
  const isKnown = Object.hasOwn(COMMANDS, asked)
  for (const [name, load] of Object.entries(COMMANDS)) if (name === asked || !isKnown) program.addCommand(await load())
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
