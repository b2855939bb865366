import { Command } from 'commander'
import { describeConfig } from '../config/load.ts'
import { readConfig } from './read-config.ts'

export function configCommand(): Command {
  return new Command('config')
    .description('show every setting, its value here and what it does; secrets are masked')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) => {
      const rows = describeConfig(readConfig())
      if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
      else for (const { name, value, about } of rows) process.stdout.write(`# ${about}\n${name}=${value}\n\n`)
    })
}
