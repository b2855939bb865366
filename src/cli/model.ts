import path from 'node:path'
import { Command } from 'commander'
import { WORKER_URL } from '../compose.ts'
import { Refusal } from '../domain/errors.ts'
import type { OpenPack, PackManifest } from '../domain/pack.ts'
import { runOnce } from '../extraction/inference/network.ts'
import { importCheckpoint } from '../models/arcface-torch/import-checkpoint.ts'
import { DEFAULT_PACK_NAME, installDefaultPack } from '../models/default-pack/default-pack.ts'
import { type AddedPack, addPack } from '../models/insightface/add-pack.ts'
import { installPack } from '../models/insightface/install-pack.ts'
import { INSIGHTFACE_LICENCE, PUBLISHED_ARCHIVES, publishedArchive } from '../models/insightface/published.ts'
import { listPacks, openPack } from '../models/packs/open-pack.ts'
import { removePack } from '../models/packs/write-pack.ts'
import { optimiseCommand, tryInt8WithSamples } from './optimise-model.ts'
import { type Progress, showProgress } from './progress.ts'
import { readConfig } from './read-config.ts'

const MEGABYTE = 1_000_000

/** @param workerUrl the built file that extraction threads run; what it draws with is beside it */
export function modelCommand(workerUrl: URL = WORKER_URL): Command {
  const report = reporter(workerUrl)
  const published = PUBLISHED_ARCHIVES.map(({ name }) => name).join('|')
  return new Command('model')
    .description('the networks that recognise: packs of a detector and a recogniser')
    .addCommand(
      new Command('add')
        .description('make a pack of an SCRFD detector and a 112×112 ArcFace recogniser')
        .argument('<files...>', 'the two .onnx files, or the folder that holds them')
        .option('--name <name>', "the pack's name; the folder's where not given")
        .option('--licence <text>', 'what the files may be used for')
        .action((files, options) => add(files, options).then(report)),
    )
    .addCommand(
      new Command('import')
        .description("make a pack of the old system's PyTorch weights (arcface_torch's iresnet18, 34, 50 or 100)")
        .argument('<file.pth>', 'a state_dict')
        .option('--detector <file.onnx>', "an SCRFD detector; the default pack's detector where not given")
        .option('--name <name>', "the pack's name; the file's where not given")
        .option('--licence <text>', 'what the weights may be used for')
        .action((file, options) => importWeights(file, options).then(report)),
    )
    .addCommand(
      new Command('install')
        .description(`download a pack that InsightFace publishes: ${published}`)
        .argument('<name>')
        .option('--accept-license', "accept InsightFace's licence (non-commercial research)", false)
        .option('--from-url <address>', 'folder of a mirror that serves <name>.zip')
        .option('--sha256 <hex>', "of the mirror's archive, where it is not the published one")
        .action((name, options) => install(name, options).then(report)),
    )
    .addCommand(optimiseCommand(workerUrl))
    .addCommand(new Command('list').description('the packs there are').action(list))
    .addCommand(new Command('show').description('verify a pack and show its manifest').argument('<name>').action(show))
    .addCommand(new Command('remove').description('remove a pack that is not in use').argument('<name>').action(remove))
}

async function add(files: readonly string[], options: { name?: string; licence?: string }): Promise<AddedPack> {
  const [first = ''] = files
  return await addPack({
    dataDir: readConfig().dataDir,
    name: options.name ?? nameFrom(first),
    paths: files,
    licence: options.licence ?? `not stated. ${INSIGHTFACE_LICENCE}`,
    origin: 'files added by hand',
    runModel: runOnce,
  })
}

async function importWeights(
  file: string,
  options: { detector?: string; name?: string; licence?: string },
): Promise<AddedPack> {
  const added = await importCheckpoint({
    dataDir: readConfig().dataDir,
    name: options.name ?? packNameOf(path.basename(file, path.extname(file))),
    checkpoint: file,
    detector: options.detector ?? null,
    licence: options.licence ?? `not stated. ${INSIGHTFACE_LICENCE}`,
    runModel: runOnce,
  })
  return { ...added, unused: [] }
}

/** The name of the folder, or of the folder the file lies in, as a pack may be called. */
function nameFrom(file: string): string {
  const absolute = path.resolve(file)
  return packNameOf(path.basename(absolute.endsWith('.onnx') ? path.dirname(absolute) : absolute))
}

function packNameOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 63)
}

interface InstallOptions {
  readonly acceptLicense: boolean
  readonly fromUrl?: string
  readonly sha256?: string
}

async function install(name: string, options: InstallOptions): Promise<AddedPack> {
  const total = Math.round(publishedArchive(name).bytes / MEGABYTE)
  // Drawn with the first bytes, so that a refusal before them stands alone.
  let progress: Progress | null = null
  return await installPack({
    dataDir: readConfig().dataDir,
    name,
    acceptLicence: options.acceptLicense,
    runModel: runOnce,
    onDownload: (bytes) => {
      progress ??= showProgress(`Downloading ${name}`, total, 'MB')
      progress.update(Math.min(total, Math.round(bytes / MEGABYTE)))
    },
    ...(options.fromUrl === undefined ? {} : { baseUrl: options.fromUrl }),
    ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }),
  }).finally(() => progress?.end())
}

/** Says what was added, after an int8 recogniser was tried for it. */
function reporter(workerUrl: URL): (added: AddedPack) => Promise<void> {
  return async ({ manifest, folder, unused }) => {
    process.stdout.write(`${manifest.name} added in ${folder}\n${facts(manifest)}`)
    for (const { file, what } of unused) process.stdout.write(`  left out: ${file} (${what})\n`)
    process.stdout.write(`  ${await tryInt8WithSamples({ manifest, folder }, workerUrl)}\n`)
    process.stdout.write(`Serve with it: MODEL_PACK=${manifest.name} nhandien serve\n`)
  }
}

async function list(): Promise<void> {
  const { dataDir, modelPack } = readConfig()
  const packs = await listPacks(dataDir)
  if (!packs.some(({ name }) => name === DEFAULT_PACK_NAME)) {
    process.stdout.write(`  ${DEFAULT_PACK_NAME}  is made out of npm packages at the first start\n`)
  }
  for (const pack of packs) {
    const mark = pack.name === modelPack ? '*' : ' '
    const about =
      'refusal' in pack
        ? `cannot be used: ${pack.refusal.message}`
        : `${pack.detector.kind}, ${pack.recogniser.aligner}, ${pack.dimension} values, threshold ${pack.threshold}`
    process.stdout.write(`${mark} ${pack.name}  ${about}\n`)
  }
}

async function show(name: string): Promise<void> {
  const { manifest } = await openVerified(readConfig().dataDir, name)
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`)
}

function openVerified(dataDir: string, name: string): Promise<OpenPack> {
  return name === DEFAULT_PACK_NAME ? installDefaultPack(dataDir) : openPack(dataDir, name)
}

async function remove(name: string): Promise<void> {
  const { dataDir, modelPack } = readConfig()
  if (name === modelPack) {
    throw new Refusal('model-refused', { pack: name, reason: 'is in use; set MODEL_PACK to another pack first' })
  }
  if (!(await removePack(dataDir, name))) {
    throw new Refusal('model-refused', { pack: name, reason: 'there is no such pack' })
  }
  process.stdout.write(`${name} removed\n`)
}

function facts(manifest: PackManifest): string {
  const { detector, dimension, threshold, modelId, licence, files } = manifest
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return [
    `  detector ${detector.kind} at ${detector.inputSize} pixels; embeddings of ${dimension} values`,
    `  threshold ${threshold}; model id ${modelId}`,
    `  ${(bytes / MEGABYTE).toFixed(1)} MB; both models were run and answered as they must`,
    `  licence: ${licence}`,
    '',
  ].join('\n')
}
