#!/usr/bin/env node
import './config/forbid-telemetry.ts'

import { Command } from 'commander'
import { accountCommand } from './cli/account.ts'
import { auditCommand } from './cli/audit.ts'
import { backupCommand } from './cli/backup.ts'
import { configCommand } from './cli/config.ts'
import { doctorCommand } from './cli/doctor.ts'
import { enrolCommand } from './cli/enrol.ts'
import { evaluateCommand } from './cli/evaluate.ts'
import { explain } from './cli/explain.ts'
import { galleryCommand } from './cli/gallery.ts'
import { identifyCommand } from './cli/identify.ts'
import { importCommand } from './cli/import.ts'
import { keysCommand } from './cli/keys.ts'
import { loadTestCommand } from './cli/loadtest.ts'
import { modelCommand } from './cli/model.ts'
import { personCommand } from './cli/person.ts'
import { purgeCommand } from './cli/purge.ts'
import { serveCommand } from './cli/serve.ts'
import { VERSION } from './config/version.ts'

const program = new Command('nhandien')
  .description('Self-hosted face recognition: a photograph goes in, who it is comes out.')
  .version(VERSION)
  .showHelpAfterError('(nhandien --help lists the commands)')
  .addHelpText('after', '\nSettings come from the environment or a .env file; "nhandien config" lists them all.')
  .addCommand(serveCommand())
  .addCommand(enrolCommand())
  .addCommand(identifyCommand())
  .addCommand(modelCommand())
  .addCommand(evaluateCommand())
  .addCommand(importCommand())
  .addCommand(accountCommand())
  .addCommand(personCommand())
  .addCommand(auditCommand())
  .addCommand(backupCommand())
  .addCommand(keysCommand())
  .addCommand(galleryCommand())
  .addCommand(purgeCommand())
  .addCommand(doctorCommand())
  .addCommand(loadTestCommand())
  .addCommand(configCommand())

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
