import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/settings.ts'

/** The configuration of this command; says on the terminal what in `.env` means nothing. */
export function readConfig(): Config {
  const { config, unknownNames } = loadConfig()
  for (const name of unknownNames)
    process.stderr.write(
      `nhandien: .env sets ${name}, which means nothing here ("nhandien config" lists the settings)\n`,
    )
  return config
}
