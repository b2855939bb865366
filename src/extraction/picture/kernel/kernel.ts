/// <reference path="../../../web-assembly.d.ts" />
import { readFileSync } from 'node:fs'

/** The functions of `assembly/`, which says what they do; pointers are byte offsets into `memory`. */
export interface PictureKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  draw(
    picture: number,
    width: number,
    height: number,
    a: bigint,
    b: bigint,
    x0: bigint,
    y0: bigint,
    raster: number,
    columns: number,
    rows: number,
  ): void
  halve(picture: number, width: number, height: number, half: number): void
  interleave(pixels: number, count: number, red: number, green: number, blue: number, factor: number, out: number): void
  separate(pixels: number, count: number, red: number, green: number, blue: number, factor: number, out: number): void
  mirror(values: number, width: number, rows: number, out: number): void
  texture(pixels: number, width: number, height: number, luma: number, sums: number): void
}

const FUNCTIONS: readonly (keyof PictureKernel)[] = ['draw', 'halve', 'interleave', 'separate', 'mirror', 'texture']

/**
 * An instance of the built kernel with a memory of its own.
 * @throws Error when the file is missing or of another version
 */
export function openPictureKernel(file: string): PictureKernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)))
  if (!isKernel(exports)) throw new Error('the picture kernel is of another version: build again')
  return exports
}

function isKernel(
  exports: Readonly<Record<string, unknown>>,
): exports is Readonly<Record<string, unknown>> & PictureKernel {
  return 'memory' in exports && FUNCTIONS.every((name) => typeof exports[name] === 'function')
}
