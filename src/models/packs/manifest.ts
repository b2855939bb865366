import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Refusal } from '../../domain/errors.ts'
import type { PackManifest } from '../../domain/pack.ts'

export const MANIFEST_FILE = 'manifest.json'

/** No published recogniser or detector comes near; more would not fit the memory of the machines this is for. */
export const MODEL_FILE_BYTES_MAX = 1024 ** 3

const closed = { additionalProperties: false } as const
const FileName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' })
const Share = Type.Number({ minimum: 0, maximum: 1 })
const Cosine = Type.Number({ minimum: -1, maximum: 1 })
const NotNegative = Type.Number({ minimum: 0 })
const InputSize = Type.Integer({ minimum: 32, maximum: 4096 })
const Text = Type.String({ minLength: 1, maxLength: 2000 })

const Manifest = Type.Object(
  {
    format: Type.Literal(1),
    name: Type.String({ minLength: 1, maxLength: 63 }),
    modelId: Type.String({ pattern: '^[A-Za-z0-9._,-]{1,100}$' }),
    dimension: Type.Integer({ minimum: 1, maximum: 4096 }),
    threshold: Cosine,
    impostorP99: Cosine,
    duplicateThreshold: Cosine,
    confidenceSlope: Type.Number({ exclusiveMinimum: 0, maximum: 1e6 }),
    licence: Text,
    detector: Type.Union([
      Type.Object({ kind: Type.Literal('blazeface'), file: FileName, inputSize: InputSize, scoreMin: Share }, closed),
      Type.Object(
        { kind: Type.Literal('scrfd'), file: FileName, inputSize: InputSize, scoreMin: Share, iouMax: Share },
        closed,
      ),
    ]),
    landmarks: Type.Union([
      Type.Null(),
      Type.Object({ kind: Type.Literal('facemesh'), file: FileName, inputSize: InputSize, flagMin: Share }, closed),
    ]),
    recogniser: Type.Object(
      {
        file: FileName,
        aligner: Type.Union([Type.Literal('dlib-chip'), Type.Literal('arcface')]),
        inputSize: InputSize,
        mean: Type.Tuple([Type.Number(), Type.Number(), Type.Number()]),
        divisor: Type.Number({ exclusiveMinimum: 0 }),
        mirror: Type.Boolean(),
      },
      closed,
    ),
    int8: Type.Optional(
      Type.Object(
        {
          file: FileName,
          faces: Type.Union([Type.Literal('enrolled'), Type.Literal('samples')]),
          selfTest: Type.Object(
            {
              faces: Type.Integer({ minimum: 1 }),
              cosineMin: Cosine,
              cosineMedian: Cosine,
              noise: NotNegative,
              scoreShift: NotNegative,
              decisionsChanged: Share,
              cpuMs: NotNegative,
              cpuMsFloat32: NotNegative,
            },
            closed,
          ),
        },
        closed,
      ),
    ),
    files: Type.Array(
      Type.Object(
        {
          name: FileName,
          bytes: Type.Integer({ minimum: 1, maximum: MODEL_FILE_BYTES_MAX }),
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        },
        closed,
      ),
      { minItems: 1, maxItems: 8 },
    ),
    source: Text,
  },
  closed,
)

/**
 * A manifest that says exactly what it must, nothing else, and names no file that it does not list.
 * @param text the content of `manifest.json`
 * @throws Refusal `model-refused` with the first thing that is wrong
 */
export function parseManifest(text: string, pack: string): PackManifest {
  const refuse = (reason: string): never => {
    throw new Refusal('model-refused', { pack, file: MANIFEST_FILE, reason })
  }
  const manifest = parseJson(text) ?? refuse('is not JSON')
  if (!Value.Check(Manifest, manifest)) {
    const [first] = Value.Errors(Manifest, manifest)
    return refuse(`${first?.instancePath || 'the whole'} ${first?.message ?? 'is not as it must be'}`)
  }
  if (manifest.name !== pack) refuse(`names the pack ${manifest.name}`)
  const listed = new Set(manifest.files.map((file) => file.name))
  if (listed.size !== manifest.files.length) refuse('lists a file twice')
  for (const role of [manifest.detector, manifest.landmarks, manifest.recogniser, manifest.int8 ?? null]) {
    if (role !== null && !listed.has(role.file)) refuse(`does not list ${role.file}`)
  }
  return manifest
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
