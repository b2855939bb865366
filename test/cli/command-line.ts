import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { onTestFinished, vi } from 'vitest'

export interface CommandLine {
  readonly dataDir: string
  /** Runs a command and answers with all that it printed. */
  run(command: Command, ...words: readonly string[]): Promise<string>
}

/** A command line with a data directory of its own, for one test. */
export async function commandLine(): Promise<CommandLine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'nhandien-cli-'))
  vi.stubEnv('DATA_DIR', dataDir)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    process.exitCode = undefined
    await rm(dataDir, { recursive: true })
  })
  return {
    dataDir,
    async run(command, ...words) {
      const printed: string[] = []
      const spies = [process.stdout, process.stderr].map((stream) =>
        vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0),
      )
      try {
        await withoutExit(command).parseAsync(words, { from: 'user' })
      } finally {
        for (const spy of spies) spy.mockRestore()
      }
      return printed.join('')
    },
  }
}

/** Has a command throw where it would end the process; a command does not inherit that from the one it was added to. */
function withoutExit(command: Command): Command {
  for (const each of command.commands) withoutExit(each)
  return command.exitOverride()
}
