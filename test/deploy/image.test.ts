import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { environmentName, SETTINGS } from '../../src/config/settings.ts'
import { at, documentOf, keysAt, listAt, textOf } from './documents.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const UNITS = ['nhandien.service', 'nhandien-backup.service', 'nhandien-backup.timer']
const SETTING_NAMES = Object.keys(SETTINGS).map(environmentName)
/** Of the platform, not of this product. */
const OTHER_NAMES = ['NODE_ENV', 'MALLOC_ARENA_MAX', 'NODE_OPTIONS', 'ONNXRUNTIME_NODE_INSTALL']
/** Out of 10, where 0 has no rights at all; JIT code and the network cost the rest. */
const EXPOSURE_MAX = 30

const dockerfile = textOf('Dockerfile')
const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
const lastStage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))

describe('the image', () => {
  it('is made of versions that are named, of the Node that the tests run on', () => {
    const bases = lines.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? [])
    expect(bases).toHaveLength(2)
    for (const base of bases) expect(base).toMatch(/^node:20\.\d+-bookworm(-slim)?$/)
  })

  it('copies what exists, and nothing that a checkout may hold besides', () => {
    const sources = lines.flatMap((line) =>
      line.startsWith('COPY ') && !line.includes('--from=') ? line.split(' ').slice(1, -1) : [],
    )
    expect(sources.filter((source) => !existsSync(`${ROOT}/${source}`))).toEqual([])
    expect(sources).not.toContain('.')
  })

  it('runs unprivileged, from files that it can not change, with one writable folder', () => {
    expect(lastStage).toContain('USER 1000:1000')
    expect(lastStage).toContain('VOLUME /data')
    const afterUser = lastStage.slice(lastStage.indexOf('USER 1000:1000'))
    expect(afterUser.filter((line) => /^(RUN|COPY|ADD) /.test(line))).toEqual([])
    expect(dockerfile).not.toMatch(/^ADD |--chown|chmod|curl|wget|sudo/m)
    expect(lastStage.find((line) => line.startsWith('ENV '))).toMatch(
      /MALLOC_ARENA_MAX=2 NODE_OPTIONS=--max-semi-space-size=2 /,
    )
  })

  it('starts the server itself, so that signals reach it', () => {
    expect(lastStage).toContain('ENTRYPOINT ["node", "dist/main.js"]')
    expect(lastStage).toContain('CMD ["serve"]')
    expect(lastStage.find((line) => line.startsWith('HEALTHCHECK '))).toContain('/health/ready')
  })
})

describe('the compose file', () => {
  const compose = documentOf('compose.yaml')

  it('hardens the server, keeps secrets out of itself, and waits for the database', () => {
    expect(at(compose, 'services.nhandien')).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      depends_on: { database: { condition: 'service_healthy' } },
      ports: ['127.0.0.1:8000:8000'],
    })
    for (const service of keysAt(compose, 'services'))
      for (const name of keysAt(compose, `services.${service}.environment`).filter((key) => /PASSWORD|URL/.test(key)))
        expect(at(compose, `services.${service}.environment.${name}`)).toMatch(/\$\{[A-Z_]+:\?/)
    for (const name of keysAt(compose, 'services.nhandien.environment')) expect(SETTING_NAMES).toContain(name)
  })

  it('has every volume that it mounts', () => {
    const mounted = keysAt(compose, 'services').flatMap((service) =>
      listAt(compose, `services.${service}.volumes`).map((mount) => String(mount).split(':')[0]),
    )
    expect(mounted.sort()).toEqual([...keysAt(compose, 'volumes')].sort())
  })
})

describe('the systemd units', () => {
  it.each(UNITS)('%s sets what exists', (unit) => {
    const set = [...textOf(`systemd/${unit}`).matchAll(/^Environment=(.*)$/gm)].flatMap(([, pairs = '']) =>
      pairs.split(' ').map((pair) => pair.split('=')[0] ?? ''),
    )
    expect(set.filter((name) => !SETTING_NAMES.includes(name) && !OTHER_NAMES.includes(name))).toEqual([])
  })

  it.runIf(spawnSync('systemd-analyze', ['--version']).status === 0)('leave the server few rights', () => {
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=yes', `--threshold=${EXPOSURE_MAX}`, `${ROOT}/deploy/systemd/nhandien.service`],
      { encoding: 'utf8' },
    )
    expect(status, stdout + stderr).toBe(0)
    // Directives that systemd does not know are told on standard error.
    expect(stderr).not.toMatch(/Unknown|Failed to parse|ignoring/i)
  })
})
