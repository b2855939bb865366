import { layoutOf } from '../../src/gallery/layout.ts'

const PLENTY = 2 ** 28

/** What a memory with room for so many blocks, and not one more, may take. */
export function shardBytesOf(dimension: number, threads: number, blocks: number): number {
  const layout = layoutOf(dimension, threads, PLENTY)
  return layout.blocks + (blocks + 0.5) * layout.blockBytes
}
