import protobuf from 'protobufjs'
import { Refusal } from '../../domain/errors.ts'
import type { OnnxModel } from './model.ts'
import { ONNX_SCHEMA } from './schema.ts'

/** Reads and writes ONNX files; what is read and written again loses nothing. */
export interface OnnxCodec {
  /**
   * @param bytes a whole .onnx file; the model's tensors are views into it
   * @throws Refusal `model-refused` where the bytes are no ONNX model with a graph
   */
  decode(bytes: Uint8Array): OnnxModel
  encode(model: OnnxModel): Uint8Array
}

export function createOnnxCodec(): OnnxCodec {
  const modelType = protobuf.parse(ONNX_SCHEMA).root.lookupType('onnx.ModelProto')
  return {
    decode(bytes) {
      const model = decodeOrRefuse(modelType, bytes)
      // Text and many other files happen to be protobuf; a model says at least its version and its graph.
      if (!model.graph || model.graph.node.length === 0 || model.opsetImport.length === 0) {
        throw new Refusal('model-refused', { reason: 'is not an ONNX model' })
      }
      return model
    },
    encode(model) {
      return modelType.encode(model).finish()
    },
  }
}

function decodeOrRefuse(modelType: protobuf.Type, bytes: Uint8Array): OnnxModel {
  try {
    const reader = protobuf.Reader.create(bytes)
    reader.discardUnknown = false
    // Decoding by the schema gives exactly the fields and types that OnnxModel declares.
    return modelType.decode(reader) as unknown as OnnxModel
  } catch (cause) {
    throw new Refusal('model-refused', { reason: 'is not an ONNX model' }, { cause })
  }
}
