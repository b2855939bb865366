import { radiusAbove } from './bounds.ts'
import { instantiateKernel, type Kernel } from './kernel/kernel.ts'
import { BLOCK_SLOTS, GROUP_CODE_BYTES, HIGH_STEP, highAt, type Layout } from './layout.ts'

/** Numbers that the kernel's `encode` leaves in the scratch. */
const STATS = 6

/** One shared memory of the gallery as one thread sees it: its own kernel, scratch and views. */
export class Shard {
  readonly memory: WebAssembly.Memory
  readonly kernel: Kernel
  readonly layout: Layout
  /** Where this thread's scratch begins. */
  readonly scratch: number
  #bytes: Uint8Array = new Uint8Array(0)
  #int8: Int8Array = new Int8Array(0)
  #int32: Int32Array = new Int32Array(0)
  #uint32: Uint32Array = new Uint32Array(0)
  #float32: Float32Array = new Float32Array(0)
  #float64: Float64Array = new Float64Array(0)

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, layout: Layout, thread: number) {
    this.memory = memory
    this.kernel = instantiateKernel(module, memory)
    this.layout = layout
    this.scratch = layout.scratch + thread * layout.scratchBytes
    this.see()
  }

  /** Takes up what the memory has grown by since. */
  see(): void {
    const { buffer } = this.memory
    if (buffer.byteLength === this.#bytes.byteLength) return
    this.#bytes = new Uint8Array(buffer)
    this.#int8 = new Int8Array(buffer)
    this.#int32 = new Int32Array(buffer)
    this.#uint32 = new Uint32Array(buffer)
    this.#float32 = new Float32Array(buffer)
    this.#float64 = new Float64Array(buffer)
  }

  blockOf(slot: number): number {
    return this.layout.blocks + Math.floor(slot / BLOCK_SLOTS) * this.layout.blockBytes
  }

  templateAt(slot: number): number {
    return this.blockOf(slot) + (slot % BLOCK_SLOTS) * this.layout.dimension * 4
  }

  lifeAt(slot: number): number {
    return this.blockOf(slot) + this.layout.block.lives + (slot % BLOCK_SLOTS) * 16
  }

  imageId(slot: number): number {
    return this.#float64[(this.blockOf(slot) + this.layout.block.imageIds) / 8 + (slot % BLOCK_SLOTS)] ?? 0
  }

  classId(slot: number): number {
    return this.#int32[(this.blockOf(slot) + this.layout.block.classIds) / 4 + (slot % BLOCK_SLOTS)] ?? 0
  }

  setIds(slot: number, imageId: number, classId: number): void {
    this.#float64[(this.blockOf(slot) + this.layout.block.imageIds) / 8 + (slot % BLOCK_SLOTS)] = imageId
    this.#int32[(this.blockOf(slot) + this.layout.block.classIds) / 4 + (slot % BLOCK_SLOTS)] = classId
  }

  isAlive(slot: number, version: number): boolean {
    return this.kernel.isAlive(this.lifeAt(slot), version) !== 0
  }

  /** The code area that is a block's now. */
  areaOf(block: number): number {
    return Atomics.load(this.#uint32, this.layout.codeTable / 4 + block)
  }

  setArea(block: number, area: number): void {
    Atomics.store(this.#uint32, this.layout.codeTable / 4 + block, area)
  }

  /** Which of the means the codes of an area are relative to. */
  meanOf(area: number): number {
    return this.#uint32[(area + this.layout.area.mean) / 4] ?? 0
  }

  setMeanOf(area: number, mean: number): void {
    this.#uint32[(area + this.layout.area.mean) / 4] = mean
  }

  meanAt(mean: number): number {
    return this.layout.means + mean * this.layout.meanBytes
  }

  floats(at: number, length: number): Float32Array {
    return this.#float32.subarray(at / 4, at / 4 + length)
  }

  doubles(at: number, length: number): Float64Array {
    return this.#float64.subarray(at / 8, at / 8 + length)
  }

  ints(at: number, length: number): Int32Array {
    return this.#int32.subarray(at / 4, at / 4 + length)
  }

  signedBytes(at: number, length: number): Int8Array {
    return this.#int8.subarray(at, at + length)
  }

  bytes(at: number, length: number): Uint8Array {
    return this.#bytes.subarray(at, at + length)
  }

  /** The sum of the squares of a template of the layout's dimension. */
  squaresOf(template: Float32Array): number {
    const at = this.scratch + this.layout.room.centred
    this.floats(at, template.length).set(template)
    return this.kernel.squares(at, template.length)
  }

  /** Adds a slot's template to the sums, or takes it out of them (-1). */
  count(slot: number, sign: 1 | -1): void {
    this.kernel.addTo(this.layout.sums, this.templateAt(slot), this.layout.dimension, sign)
  }

  /** Writes the codes of a slot's row to an area, relative to the area's mean. */
  code(slot: number, area: number): readonly [least: number, most: number] {
    const { layout } = this
    const row = slot % BLOCK_SLOTS
    const stats = this.scratch + layout.room.stats
    this.kernel.encode(
      this.templateAt(slot),
      this.meanAt(this.meanOf(area)),
      layout.dimension,
      area + highAt(layout, row),
      area + layout.area.low + row * layout.lowRowBytes,
      layout.rowBytes,
      this.scratch + layout.room.centred,
      stats,
    )
    const [scale = 0, shift = 0, coarse = 0, fine = 0, least = 0, most = 0] = this.floats(stats, STATS)
    this.#float32[(area + layout.area.scales) / 4 + row] = scale
    this.#float32[(area + layout.area.shifts) / 4 + row] = shift
    this.#float32[(area + layout.area.coarseRadii) / 4 + row] = radiusAbove(coarse)
    this.#float32[(area + layout.area.fineRadii) / 4 + row] = radiusAbove(fine)
    return [least, most]
  }

  /** Leaves nothing of a slot's codes in an area. */
  forgetCodes(slot: number, area: number): void {
    const { rowBytes, lowRowBytes, area: parts } = this.layout
    const row = slot % BLOCK_SLOTS
    this.bytes(area + parts.low + row * lowRowBytes, lowRowBytes).fill(0)
    const high = area + highAt(this.layout, row)
    for (let group = 0; group < rowBytes / GROUP_CODE_BYTES; group++)
      this.bytes(high + group * HIGH_STEP, GROUP_CODE_BYTES).fill(0)
  }
}
