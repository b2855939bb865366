import { access, readdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { openExtractor } from '../compose.ts'
import type { Config } from '../config/settings.ts'
import { Refusal } from '../domain/errors.ts'
import type { FaceExtractor } from '../domain/extractor.ts'
import { evaluate, makeReport, type Report } from '../evaluation/evaluate.ts'
import { markdownReport } from '../evaluation/output/markdown.ts'
import { terminalReport } from '../evaluation/output/terminal.ts'
import { readJsonFile } from '../evaluation/photos/json-file.ts'
import { Sampler } from '../evaluation/photos/sampler.ts'
import { type PlanOptions, planTasks } from '../evaluation/plan.ts'
import { PROTOCOLS, type Protocol } from '../evaluation/report.ts'
import { describeSurroundings } from '../evaluation/surroundings.ts'
import { parseTarget, type Target } from '../evaluation/targets.ts'
import type { PhotoSet } from '../evaluation/task.ts'
import { confidenceSlope } from '../models/packs/calibration.ts'
import { findPeople } from './find-photos.ts'
import { type Progress, showProgress } from './progress.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

interface EvaluateOptions {
  readonly all?: string
  readonly pack?: string
  readonly protocol?: readonly Protocol[]
  readonly pairs?: string
  readonly minPhotos: number
  readonly rounds: number
  readonly require?: readonly string[]
  readonly targets?: string
  readonly json?: string
  readonly markdown?: string
}

/** Sets of `--all`, in the order of the report. */
const SET_NAMES = ['faces', 'lfw', 'groups', 'negatives', 'odd', 'hostile']

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure how well a pack recognises, on photographs of your own')
    .argument('[folder]', 'a folder per person; or photos with a list: pairs.csv, index.json or expected.json')
    .option('--all <folder>', `evaluate each of its folders ${SET_NAMES.join(', ')}`)
    .option('--pack <name>', 'model pack; that of the server where not given')
    .addOption(new Option('--protocol <names...>', 'only these').choices(PROTOCOLS))
    .option('--pairs <file>', 'CSV of fold, file_a, file_b, same (1 or 0), instead of all pairs')
    .option('--min-photos <n>', 'photos of a person who takes part in the closed set', positive, 3)
    .option('--rounds <n>', 'rounds of identification, each with other photos enrolled', positive, 1)
    .option('--require <targets...>', 'fail unless reached, such as rank1=0.99 or groups.right=20/21')
    .option('--targets <file>', 'the same from a JSON file, { "faces.rank1": "0.99" }')
    .option('--json <file>', 'write the report there as JSON')
    .option('--markdown <file>', 'write the report there as Markdown')
    .action(evaluateFolder)
}

async function evaluateFolder(folder: string | undefined, options: EvaluateOptions): Promise<void> {
  const sets = await findSets(folder, options.all)
  const targets = await readTargets(options)
  // Before the long work, not after it.
  for (const file of [options.json, options.markdown]) if (file !== undefined) await access(dirname(file))
  const config = readConfig()
  const extractor = await openExtractor({ ...config, modelPack: options.pack ?? config.modelPack }, terminalWitness)
  try {
    const report = await evaluateSets(sets, targets, config, extractor, options)
    process.stdout.write(terminalReport(report))
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`)
    if (options.markdown !== undefined) await writeFile(options.markdown, markdownReport(report))
    if (report.targets.some(({ met }) => !met)) process.exitCode = 1
  } finally {
    await extractor.close()
  }
}

async function evaluateSets(
  sets: readonly PhotoSet[],
  targets: readonly Target[],
  config: Config,
  extractor: FaceExtractor,
  options: EvaluateOptions,
): Promise<Report> {
  const plan: PlanOptions = {
    threshold: config.threshold ?? extractor.pack.threshold,
    confidenceSlope,
    protocols: options.protocol ?? null,
    pairsFile: options.pairs ?? null,
    photosMin: options.minPhotos,
    rounds: options.rounds,
    findPeople,
  }
  const tasks = await planTasks(sets, plan)
  const sampler = new Sampler({
    extractor,
    photosAtOnce: extractor.status().workers + 1,
    photoBytesMax: config.uploadBytesMax,
    probesLikeReferences: config.mirrorProbes && config.probePrecision === 'float32',
  })
  let done = 0
  let progress: Progress | null = null
  const sections = await evaluate(tasks, sampler, {
    begin: (photos) => {
      progress = showProgress('Extracting', photos, 'photos')
    },
    photoDone: () => progress?.update(++done),
  }).finally(() => progress?.end())
  const surroundings = await describeSurroundings(['nhandien', ...process.argv.slice(2)].join(' '))
  return makeReport({ ...extractor.pack, threshold: plan.threshold }, surroundings, sections, targets)
}

async function findSets(folder: string | undefined, all: string | undefined): Promise<PhotoSet[]> {
  if ((folder === undefined) === (all === undefined))
    throw new Refusal('field-invalid', { field: 'folder', reason: 'give either a folder or --all' })
  if (folder !== undefined) return [{ name: basename(resolve(folder)), folder }]
  const root = all ?? ''
  const there = new Set(await readdir(root))
  const names = SET_NAMES.filter((name) => there.has(name))
  if (names.length === 0)
    throw new Refusal('field-invalid', { field: 'all', reason: `holds none of ${SET_NAMES.join(', ')}` })
  return names.map((name) => ({ name, folder: join(root, name) }))
}

async function readTargets({ require = [], targets }: EvaluateOptions): Promise<readonly Target[]> {
  const given = require.map(parseTarget)
  if (targets === undefined) return given
  const listed = await readJsonFile(targets)
  if (typeof listed !== 'object' || listed === null)
    throw new Refusal('file-invalid', { file: targets, reason: 'is not an object of targets' })
  return [...Object.entries(listed).map(([key, value]) => parseTarget(`${key}=${String(value)}`)), ...given]
}

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.')
  return value
}
