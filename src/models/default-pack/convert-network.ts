import { convertDlibResnet } from '../convert/dlib-resnet.ts'
import { readTfjsModel } from '../convert/tfjs-model.ts'
import { convertTfjsModel } from '../convert/tfjs-to-onnx.ts'
import type { OnnxModel } from '../onnx/model.ts'
import type { NetworkSource } from './sources.ts'

/**
 * A network of the default pack as ONNX; all values float32, N free.
 *
 * | network     | input                                  | output                                                     |
 * |-------------|----------------------------------------|------------------------------------------------------------|
 * | blazeface   | `input` [N, 256, 256, 3], x/127.5 - 1   | `Identity` [N, 512, 1], `Identity_1` [N, 384, 1]: scores of |
 * |             |                                        | strides 16 and 32 before the sigmoid; `Identity_2`          |
 * |             |                                        | [N, 512, 16], `Identity_3` [N, 384, 16]: cx, cy, w, h and   |
 * |             |                                        | six points, pixels relative to the anchor's centre          |
 * | facemesh    | `input_1` [N, 192, 192, 3], x/255       | `Identity` [N, 266]: contours; `Identity_1` [N, 1]: face    |
 * |             |                                        | flag after the sigmoid; `Identity_2` [N, 1404]: 468 points  |
 * |             |                                        | (x, y, z) in pixels of the input                            |
 * | dlib-resnet | `input` [N, 3, 150, 150], (x - mean)/255 | `embedding` [N, 128], not normalised                        |
 */
export function convertNetwork({ network, description, weights }: NetworkSource): OnnxModel {
  if (network === 'dlib-resnet') return convertDlibResnet(description, weights)
  return convertTfjsModel(network, readTfjsModel(description, weights))
}
