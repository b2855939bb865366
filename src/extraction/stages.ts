import { join } from 'node:path'
import type { ExecutionProvider } from '../domain/execution-provider.ts'
import type { PackManifest } from '../domain/pack.ts'
import { type Aligner, createAligner } from './align/aligner.ts'
import { createDecoder, type Decoder } from './decode/decoder.ts'
import type { DecodeLimits } from './decode/limits.ts'
import { BlazefaceDetector } from './detect/blazeface.ts'
import type { Detector } from './detect/detector.ts'
import { ScrfdDetector } from './detect/scrfd.ts'
import { Embedder, type FaceEmbedder } from './embed/embedder.ts'
import { EmbedderOnDemand } from './embed/embedder-on-demand.ts'
import { openAcceleratedNetwork } from './inference/accelerated-network.ts'
import { type Network, openNetwork, openOptimisedNetwork } from './inference/network.ts'
import { optimisedModel } from './inference/optimised-model.ts'
import { FacemeshFinder } from './landmarks/facemesh.ts'
import { detectorsOwnPoints } from './landmarks/five-points.ts'
import type { LandmarkFinder } from './landmarks/landmark-finder.ts'
import { Canvas } from './picture/canvas.ts'

/** Inside the pack's folder; everything in it can be made again. */
const OPTIMISED_FOLDER = 'optimised'
/**
 * Where probes have a recogniser of their own, how long that of references is kept open after it was used: it may be
 * most of the memory of a server that mostly answers.
 */
const REFERENCES_IDLE_MS = 60_000

/** What an extraction is made with; plain data, so that it can be handed to a thread. */
export interface ExtractionSetup {
  readonly manifest: PackManifest
  /** Where the manifest's files are. */
  readonly folder: string
  readonly executionProvider: ExecutionProvider
  /** Path of the built kernel that draws pictures. */
  readonly pictureKernel: string
  /** Whether probes are embedded with their mirror image too; references always are, where the pack says so. */
  readonly mirrorProbes: boolean
  /** Whether probes are embedded with the pack's int8 recogniser; references never are. */
  readonly int8Probes: boolean
  readonly decodeLimits: DecodeLimits
  /** More faces than these (the largest) are found, but get no template. */
  readonly embeddedFacesMax: number
}

/**
 * The stages of an extraction with their models loaded. They belong to the thread that opened them, and to one photo at a
 * time: their memory is used again for the next.
 */
export interface Stages {
  readonly setup: ExtractionSetup
  readonly decoder: Decoder
  readonly canvas: Canvas
  readonly detector: Detector
  readonly landmarks: LandmarkFinder
  readonly aligner: Aligner
  readonly embedder: FaceEmbedder
  /** The same one where probes are embedded as references are. */
  readonly probeEmbedder: FaceEmbedder
  release(): Promise<void>
}

/**
 * @throws Error when a model can't be loaded, or models and manifest don't fit together
 * @throws ServerMisconfigured when the execution provider can't run all of them
 */
export async function openStages(setup: ExtractionSetup): Promise<Stages> {
  const { manifest, folder, executionProvider } = setup
  const { detector: detectorSpec, landmarks: landmarksSpec, recogniser } = manifest
  if (landmarksSpec === null && (detectorSpec.kind !== 'scrfd' || recogniser.aligner !== 'arcface'))
    throw new Error(`The pack ${manifest.name} needs a landmark model`)
  const int8File = setup.int8Probes ? (manifest.int8?.file ?? null) : null
  const openFile = (file: string, inputSize: number): Promise<Network> => {
    const model = join(folder, file)
    // What is fitted to this CPU is of no use to anything else.
    return executionProvider === 'cpu'
      ? openFitted(model, sha256Of(manifest, file), join(folder, OPTIMISED_FOLDER))
      : openAcceleratedNetwork(model, executionProvider, inputSize)
  }
  const opened: { release(): Promise<void> }[] = []
  const open = async ({ file, inputSize }: { readonly file: string; readonly inputSize: number }) => {
    const network = await openFile(file, inputSize)
    opened.push(network)
    return network
  }
  const release = async () => {
    for (const part of opened.splice(0)) await part.release()
  }
  try {
    const canvas = new Canvas(setup.pictureKernel)
    const embedderOf = (network: Network) => new Embedder(network, recogniser, manifest.dimension, canvas)
    const openOnDemand = async () => {
      const references = new EmbedderOnDemand(async () => {
        const network = await openFile(recogniser.file, recogniser.inputSize)
        return { embedder: embedderOf(network), release: () => network.release() }
      }, REFERENCES_IDLE_MS)
      opened.push(references)
      // A pack that nobody could be enrolled with is to be known now.
      await references.tryOut()
      return references
    }
    const detectorNetwork = await open(detectorSpec)
    const embedder = int8File === null ? embedderOf(await open(recogniser)) : await openOnDemand()
    return {
      setup,
      decoder: createDecoder(setup.decodeLimits),
      canvas,
      detector:
        detectorSpec.kind === 'scrfd'
          ? new ScrfdDetector(detectorNetwork, detectorSpec)
          : new BlazefaceDetector(detectorNetwork, detectorSpec),
      landmarks:
        landmarksSpec === null ? detectorsOwnPoints : new FacemeshFinder(await open(landmarksSpec), landmarksSpec),
      aligner: createAligner(recogniser),
      embedder,
      probeEmbedder: int8File === null ? embedder : embedderOf(await open({ ...recogniser, file: int8File })),
      release,
    }
  } catch (error) {
    await release()
    throw error
  }
}

async function openFitted(model: string, sha256: string, folder: string): Promise<Network> {
  const optimised = await optimisedModel(model, sha256, folder)
  // It may have been taken away since, and it never holds more than the model itself.
  const opened = optimised === null ? null : await openOptimisedNetwork(optimised).catch(() => null)
  return opened ?? (await openNetwork(model))
}

function sha256Of({ name, files }: PackManifest, file: string): string {
  const listed = files.find((entry) => entry.name === file)
  if (listed === undefined) throw new Error(`The pack ${name} does not list its file ${file}`)
  return listed.sha256
}
