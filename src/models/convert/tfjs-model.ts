import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Refusal } from '../../domain/errors.ts'
import { readWeights, type Weight, WeightsGroup } from './weights.ts'

const Whole = Type.Union([Type.String({ pattern: '^-?[0-9]+$' }), Type.Integer()])

/** Protobuf's AttrValue in JSON: text is base64, 64-bit integers are text. */
const Attribute = Type.Object({
  s: Type.Optional(Type.String()),
  list: Type.Optional(
    Type.Object({ i: Type.Optional(Type.Array(Whole)), s: Type.Optional(Type.Array(Type.String())) }),
  ),
  shape: Type.Optional(Type.Object({ dim: Type.Optional(Type.Array(Type.Object({ size: Whole }))) })),
})

const Model = Type.Object({
  format: Type.Literal('graph-model'),
  modelTopology: Type.Object({
    node: Type.Array(
      Type.Object({
        name: Type.String(),
        op: Type.String(),
        input: Type.Optional(Type.Array(Type.String())),
        attr: Type.Optional(Type.Record(Type.String(), Attribute)),
      }),
    ),
  }),
  weightsManifest: Type.Array(WeightsGroup),
})

export interface TfjsNode {
  readonly name: string
  readonly op: string
  readonly inputs: readonly string[]
  /** The attribute's text, '' where it is absent. */
  text(attribute: string): string
  /** The attribute's list of text. */
  texts(attribute: string): readonly string[]
  /** The attribute's list of whole numbers. */
  numbers(attribute: string): readonly number[]
  /** The sizes in the attribute's shape; -1 is free. */
  shape(attribute: string): readonly number[]
}

export interface TfjsModel {
  readonly nodes: ReadonlyMap<string, TfjsNode>
  readonly weights: ReadonlyMap<string, Weight>
}

/**
 * Reads a TensorFlow.js graph model.
 * @param json the text of its model.json
 * @param file the one weights file that it names
 * @throws Refusal `model-refused` where it is no such model
 */
export function readTfjsModel(json: string, file: Uint8Array): TfjsModel {
  const model: unknown = JSON.parse(json)
  if (!Value.Check(Model, model)) throw new Refusal('model-refused', { reason: 'is not a TensorFlow.js graph model' })
  const nodes = new Map<string, TfjsNode>()
  for (const { name, op, input = [], attr = {} } of model.modelTopology.node) {
    nodes.set(name, {
      name,
      op,
      inputs: input,
      text: (attribute) => decodeBase64(attr[attribute]?.s ?? ''),
      texts: (attribute) => (attr[attribute]?.list?.s ?? []).map(decodeBase64),
      numbers: (attribute) => (attr[attribute]?.list?.i ?? []).map(Number),
      shape: (attribute) => (attr[attribute]?.shape?.dim ?? []).map((dim) => Number(dim.size)),
    })
  }
  return { nodes, weights: readWeights(model.weightsManifest, file) }
}

function decodeBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1')
}
