import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../scripts/licences.mjs', import.meta.url))

it('every dependency is pinned, permissive, listed, and runs no script on install that nobody decided about', () => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, '--check'], { encoding: 'utf8' })
  expect(stderr.trim()).toBe('')
  expect(status).toBe(0)
})
