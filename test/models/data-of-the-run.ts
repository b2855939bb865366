import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of this run of the tests, and gone after it. */
    readonly folderOfTheRun: string
  }
}

/** Gives all test files of a run a folder for what they have in common. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'nhandien-tests-'))
  provide('folderOfTheRun', folder)
  return () => rm(folder, { recursive: true })
}
