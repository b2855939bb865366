import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigProblem, describeConfig, loadConfig } from './load.ts'
import { environmentName, SETTINGS } from './settings.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nhandien-config-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('loadConfig', () => {
  it('takes the defaults where nothing is set', () => {
    const { config } = loadConfig({}, folder)
    expect(config).toMatchObject({ host: '0.0.0.0', port: 8000, publicAccess: true, threshold: null, corsOrigins: [] })
  })

  it('prefers the environment to the file, and the file to the default', () => {
    writeFileSync(join(folder, '.env'), 'PORT=9000\nHOST=127.0.0.1\nSTORE_CROPS=off\n')
    const { config } = loadConfig({ PORT: '9001' }, folder)
    expect(config).toMatchObject({ port: 9001, host: '127.0.0.1', storeCrops: false })
  })

  it('names every setting that is wrong, with what was expected, and no secret', () => {
    const load = () =>
      loadConfig({ PORT: 'eighty', LOG_LEVEL: 'loud', THRESHOLD: '2', ADMIN_PASSWORD: 'hunter22' }, folder)
    expect(load).toThrow(ConfigProblem)
    expect(load).toThrow(/PORT=eighty: expected a whole number from 0 to 65535/)
    expect(load).toThrow(/LOG_LEVEL=loud: expected one of/)
    expect(load).toThrow(/THRESHOLD=2: expected a number from -1 to 1/)
    expect(load).not.toThrow(/hunter22/)
  })

  it('reports names in the file that mean nothing', () => {
    writeFileSync(join(folder, '.env'), 'PROT=9000\n')
    expect(loadConfig({}, folder).unknownNames).toEqual(['PROT'])
  })
})

describe('describeConfig', () => {
  it('lists every setting and masks the secrets', () => {
    const { config } = loadConfig({ ADMIN_PASSWORD: 'hunter22', DATABASE_URL: 'mysql://u:p@h/d' }, folder)
    const rows = describeConfig(config)
    expect(rows.map((row) => row.name)).toEqual(Object.keys(SETTINGS).map(environmentName))
    expect(rows.every((row) => row.about !== '')).toBe(true)
    expect(JSON.stringify(rows)).not.toMatch(/hunter22|u:p@h/)
  })
})
