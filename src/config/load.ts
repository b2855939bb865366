import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { type Config, environmentName, SETTINGS, type SettingKey } from './settings.ts'

/** Every setting that cannot be used, each with what was expected. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem'

  constructor(problems: readonly string[]) {
    super(`These settings cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
}

export interface LoadedConfig {
  readonly config: Config
  /** Names in the `.env` file that mean nothing here; most often a slip of the pen. */
  readonly unknownNames: readonly string[]
}

/**
 * The configuration of this process: the environment, then `.env` in the folder, then the defaults.
 * @throws ConfigProblem naming every setting that is wrong
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env, folder = process.cwd()): LoadedConfig {
  const file = join(folder, '.env')
  const written = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  const known = new Map(keys().map((key) => [environmentName(key), key]))
  const problems: string[] = []
  const values = keys().map((key): [SettingKey, unknown] => {
    const name = environmentName(key)
    const setting = SETTINGS[key]
    const raw = (environment[name] ?? written[name] ?? '').trim() || setting.fallback
    try {
      return [key, setting.read(raw)]
    } catch (error) {
      const shown = setting.secret ? '' : `=${raw}`
      problems.push(`${name}${shown}: ${error instanceof Error ? error.message : String(error)}`)
      return [key, undefined]
    }
  })
  if (problems.length > 0) throw new ConfigProblem(problems)
  return {
    config: Object.freeze(Object.fromEntries(values)) as Config,
    unknownNames: Object.keys(written).filter((name) => !known.has(name)),
  }
}

function keys(): SettingKey[] {
  return Object.keys(SETTINGS) as SettingKey[]
}

/** Each setting as it is in force, secrets masked, for `nhandien config`. */
export function describeConfig(config: Config): readonly { name: string; value: string; about: string }[] {
  return keys().map((key) => {
    const value = config[key]
    const shown = SETTINGS[key].secret && value !== '' ? '********' : describe(value)
    return { name: environmentName(key), value: shown, about: SETTINGS[key].about }
  })
}

function describe(value: Config[SettingKey]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return value === null ? '' : String(value)
}
