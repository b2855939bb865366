import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

/** A network as its npm package ships it. */
export interface NetworkSource {
  readonly network: 'blazeface' | 'facemesh' | 'dlib-resnet'
  /** Name and version of the package. */
  readonly origin: string
  readonly description: string
  readonly weights: Buffer
}

const NETWORKS = [
  {
    network: 'blazeface',
    package: '@vladmandic/human',
    folder: 'models',
    description: 'blazeface.json',
    weights: 'blazeface.bin',
  },
  {
    network: 'facemesh',
    package: '@vladmandic/human',
    folder: 'models',
    description: 'facemesh.json',
    weights: 'facemesh.bin',
  },
  {
    network: 'dlib-resnet',
    package: '@vladmandic/face-api',
    folder: 'model',
    description: 'face_recognition_model-weights_manifest.json',
    weights: 'face_recognition_model.bin',
  },
] as const

/** The three networks of the default pack out of the installed npm packages, whose code is never loaded. */
export async function readNetworkSources(): Promise<readonly NetworkSource[]> {
  const require = createRequire(import.meta.url)
  return Promise.all(
    NETWORKS.map(async (network) => {
      // The packages export only their main file, which lies one folder below their root.
      const root = path.join(path.dirname(require.resolve(network.package)), '..')
      const { version }: { version?: unknown } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
      return {
        network: network.network,
        origin: `${network.package} ${String(version)}`,
        description: await readFile(path.join(root, network.folder, network.description), 'utf8'),
        weights: await readFile(path.join(root, network.folder, network.weights)),
      }
    }),
  )
}
