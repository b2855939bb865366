import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { compose, openDatabase, openExtractor } from '../compose.ts'
import type { Config } from '../config/settings.ts'
import type { FaceExtractor } from '../domain/extractor.ts'
import { databaseChecks } from './doctor/check-database.ts'
import { machineChecks } from './doctor/check-machine.ts'
import { modelChecks } from './doctor/check-models.ts'
import { serverCheck } from './doctor/check-server.ts'
import { bad, type Check, type Finding } from './doctor/finding.ts'
import { profileHeap } from './doctor/heap-profile.ts'
import { explain } from './explain.ts'
import { readConfig } from './read-config.ts'

const MARKS = { good: 'ok    ', doubtful: 'note  ', bad: 'BAD   ' } as const
const SILENT = { step: () => {}, notice: () => {} }

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check everything the server needs, and say in plain words what to do about what is wrong')
    .option('--photo <file>', 'a photo of a face to try with, instead of the one that comes along')
    .option('--heap <file>', 'write a heap profile of the checks, for the developer tools of Chromium')
    .action(examine)
}

async function examine({ photo, heap }: { photo?: string; heap?: string }): Promise<void> {
  const config = readConfig()
  const scratchDir = await mkdtemp(join(tmpdir(), 'nhandien-doctor-'))
  try {
    const checks = checksOf(config, scratchDir, photo ?? null)
    const findings = heap === undefined ? await runAll(checks) : await profileHeap(heap, () => runAll(checks))
    if (heap !== undefined) process.stdout.write(`The heap profile is in ${heap}\n`)
    const wrong = findings.filter(({ verdict }) => verdict === 'bad').length
    process.stdout.write(wrong === 0 ? 'Nothing is wrong.\n' : `${wrong} of ${findings.length} checks failed.\n`)
    if (wrong > 0) process.exitCode = 1
  } finally {
    await rm(scratchDir, { recursive: true })
  }
}

function checksOf(config: Config, scratchDir: string, photo: string | null): readonly Check[] {
  const openRecords = () => openDatabase({ ...config, waitForDatabase: 0 }, SILENT)
  // Nothing of what is enrolled is touched: another database, another gallery, and no keys.
  const scratch: Config = {
    ...config,
    ...{ dataDir: scratchDir, databaseUrl: '', adminPassword: '', encryptionKeyFile: '', encryptionKey: '' },
  }
  return [
    ...machineChecks(config),
    ...databaseChecks(config, openRecords),
    ...modelChecks(config, {
      openExtractor: () => openExtractor({ ...config, workers: 1 }, SILENT),
      openScratch: (extractor: FaceExtractor) => compose(scratch, SILENT, { openExtractor: async () => extractor }),
      photo,
    }),
    serverCheck(config),
  ]
}

/** One after the other, each printed once it is known: a check may need what the one before it opened. */
async function runAll(checks: readonly Check[]): Promise<readonly Finding[]> {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const findings: Finding[] = []
  for (const { name, run } of checks) {
    const finding = await run().catch((error: unknown) => bad(explain(error), 'Report this.'))
    findings.push(finding)
    process.stdout.write(`${MARKS[finding.verdict]}${name.padEnd(width)}  ${finding.found}\n`)
    if (finding.remedy !== '') process.stdout.write(`      ${' '.repeat(width)}  -> ${finding.remedy}\n`)
  }
  return findings
}
