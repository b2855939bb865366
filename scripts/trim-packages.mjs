// Takes out of node_modules what the server never opens on this platform: ONNX Runtime for others, and what the
// packages that the default models come from bring besides the models. For images; run after npm prune.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules')

/** In a package, by its folders: what stays of what is there. */
const KEPT = [
  ...namesIn('onnxruntime-node/bin').flatMap((napi) => [
    { folder: `onnxruntime-node/bin/${napi}`, keeps: [process.platform] },
    { folder: `onnxruntime-node/bin/${napi}/${process.platform}`, keeps: [process.arch] },
  ]),
  // Their main file is never loaded, but it is how their folder is found.
  { folder: '@vladmandic/human', keeps: ['package.json', 'LICENSE', 'models', 'dist'] },
  { folder: '@vladmandic/human/models', keeps: ['blazeface.json', 'blazeface.bin', 'facemesh.json', 'facemesh.bin'] },
  { folder: '@vladmandic/human/dist', keeps: ['human.node.js'] },
  // The pictures of the demo are what the doctor and calibration look at.
  { folder: '@vladmandic/face-api', keeps: ['package.json', 'LICENSE', 'model', 'dist', 'demo'] },
  {
    folder: '@vladmandic/face-api/model',
    keeps: ['face_recognition_model-weights_manifest.json', 'face_recognition_model.bin'],
  },
  { folder: '@vladmandic/face-api/dist', keeps: ['face-api.node.js'] },
]

for (const { folder, keeps } of KEPT)
  for (const name of namesIn(folder))
    if (!keeps.includes(name)) rmSync(join(packages, folder, name), { recursive: true })

function namesIn(folder) {
  const path = join(packages, folder)
  return existsSync(path) ? readdirSync(path) : []
}
