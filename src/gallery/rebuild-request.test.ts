import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { REBUILD_NOTICED_WITHIN_MS, requestRebuild, watchRebuildRequests } from './rebuild-request.ts'

function watched() {
  vi.useFakeTimers()
  const folder = mkdtempSync(join(tmpdir(), 'nhandien-rebuild-'))
  const said: string[] = []
  let rebuilt = 0
  const rebuild = async () => {
    rebuilt++
  }
  const stop = watchRebuildRequests(folder, rebuild, (message) => said.push(message))
  onTestFinished(() => {
    stop()
    vi.useRealTimers()
    rmSync(folder, { recursive: true })
  })
  const look = () => vi.advanceTimersByTimeAsync(REBUILD_NOTICED_WITHIN_MS)
  return { folder, said, look, rebuilt: () => rebuilt }
}

it('is noticed once, and again when it is asked for again', async () => {
  const { folder, said, look, rebuilt } = watched()
  await look()
  expect(rebuilt()).toBe(0)
  for (const times of [1, 2]) {
    requestRebuild(folder)
    await look()
    await look()
    expect(rebuilt()).toBe(times)
  }
  expect(said).toEqual([])
})

it('waits while it cannot be removed, says so once, and is then done', async () => {
  const { folder, said, look, rebuilt } = watched()
  const request = join(folder, 'rebuild-wanted')
  mkdirSync(request)
  writeFileSync(join(request, 'something'), '')
  for (let i = 0; i < 3; i++) await look()
  expect(rebuilt()).toBe(0)
  expect(said).toEqual(['the gallery waits to be made anew: the request cannot be removed'])
  rmSync(request, { recursive: true })
  requestRebuild(folder)
  await look()
  expect(rebuilt()).toBe(1)
})
