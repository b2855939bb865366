import { Command } from 'commander'
import { extractionSetup } from '../compose/extraction-setup.ts'
import { openModels } from '../compose/open-models.ts'
import { openDatabase } from '../compose.ts'
import type { Config } from '../config/settings.ts'
import type { Int8SelfTest, OpenPack } from '../domain/pack.ts'
import { openNetwork } from '../extraction/inference/network.ts'
import { recogniserInputs } from '../extraction/recogniser-inputs.ts'
import { optimisePack } from '../models/optimise/optimise-pack.ts'
import type { Int8Outcome } from '../models/optimise/try-int8.ts'
import { enrolledCrops, type Photos, samplePhotos } from './calibration-photos.ts'
import { showProgress } from './progress.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

export function optimiseCommand(workerUrl: URL): Command {
  return new Command('optimise')
    .description('make a quicker int8 recogniser for probes (PROBE_PRECISION=int8), if it proves good enough')
    .argument('[name]', "pack; the server's where not given")
    .option('--samples', 'calibrate with the sample photos even where enrolled faces are kept', false)
    .addHelpText(
      'after',
      '\nIt is calibrated on crops of enrolled people where there are enough, else on sample photos, and compared with\n' +
        'float32 on faces it was not calibrated on. Float32 stays, and is what people are enrolled with.',
    )
    .action((name, options) => optimise(name, options, workerUrl))
}

async function optimise(name: string | undefined, options: { samples: boolean }, workerUrl: URL): Promise<void> {
  const given = readConfig()
  const config = { ...given, modelPack: name ?? given.modelPack }
  const pack = await openModels(config, terminalWitness.step)
  const records = options.samples ? null : await openDatabase(config, terminalWitness)
  try {
    const photos = (records && (await enrolledCrops(records.people))) ?? samplePhotos()
    process.stdout.write(table(pack, photos, await optimiseWith(config, pack, photos, workerUrl)))
  } finally {
    await records?.close()
  }
}

/** For a pack that has just been added. @returns what came of it, in a line */
export async function tryInt8WithSamples(pack: OpenPack, workerUrl: URL): Promise<string> {
  const config = readConfig()
  const { bytes, objections, test } = await optimiseWith(config, pack, samplePhotos(), workerUrl)
  if (bytes === null || test === null) return `float32 only; int8 was not accepted: ${objections.join('; ')}`
  return `int8 for probes was accepted: cosine ${test.cosineMedian}, ${speed(test)}; use it with PROBE_PRECISION=int8`
}

async function optimiseWith(config: Config, pack: OpenPack, photos: Photos, workerUrl: URL): Promise<Int8Outcome> {
  const setup = extractionSetup({ ...config, probePrecision: 'float32', executionProvider: 'cpu' }, pack, workerUrl)
  const reading = showProgress('Finding faces', photos.count, 'photos')
  let read = 0
  const faces = await recogniserInputs(setup, photos.read(), () => reading.update(++read)).finally(() => reading.end())
  const trying = showProgress('Calibrating and comparing', 100, '%')
  return await optimisePack({
    ...{ dataDir: config.dataDir, pack, faces, origin: photos.origin, openModel: openNetwork },
    onProgress: (done, total) => trying.update(Math.floor((100 * done) / total)),
  }).finally(() => trying.end())
}

function table({ manifest }: OpenPack, photos: Photos, { bytes, objections, test }: Int8Outcome): string {
  const whose = photos.origin === 'enrolled' ? 'crops of enrolled people' : 'sample photos'
  const lines = [`${manifest.name}: float32 graphs rewritten where that is quicker; int8 tried on ${whose}`]
  if (test !== null) {
    lines.push(
      row('faces compared', `${test.faces}`),
      row('cosine to float32, least', `${test.cosineMin}`),
      row('cosine to float32, median', `${test.cosineMedian}`),
      row("noise, share of the faces' variance", `${test.noise}`),
      row('shift of scores, root mean square', `${test.scoreShift}`),
      row('share of pairs decided otherwise', `${test.decisionsChanged}`),
      row('cost of a run', speed(test)),
    )
  }
  if (bytes !== null) lines.push(`Accepted: PROBE_PRECISION=int8 MODEL_PACK=${manifest.name} nhandien serve`)
  else lines.push('Not accepted, float32 stays:', ...objections.map((objection) => `  ${objection}`))
  return `${lines.join('\n')}\n`
}

const row = (what: string, figure: string) => `  ${what.padEnd(38)}${figure}`

function speed({ cpuMs, cpuMsFloat32 }: Int8SelfTest): string {
  return `${cpuMsFloat32.toFixed(1)} -> ${cpuMs.toFixed(1)} CPU-ms`
}
