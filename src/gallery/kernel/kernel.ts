/// <reference path="../../web-assembly.d.ts" />
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

/** The functions of `assembly/`, which says what they do; pointers are byte offsets into the memory. */
export interface Kernel {
  filter(
    plane: number,
    rows: number,
    rowBytes: number,
    weights: number,
    scales: number,
    shifts: number,
    radii: number,
    factor: number,
    offset: number,
    shiftFactor: number,
    norm: number,
    constant: number,
    least: number,
    found: number,
    foundSums: number,
    foundBounds: number,
  ): number
  takeLikely(
    found: number,
    foundSums: number,
    foundBounds: number,
    count: number,
    radii: number,
    norm: number,
    least: number,
    likely: number,
  ): number
  sift(found: number, foundSums: number, foundBounds: number, count: number, least: number): number
  refine(
    low: number,
    rowBytes: number,
    weights: number,
    scales: number,
    shifts: number,
    radii: number,
    factor: number,
    offset: number,
    shiftFactor: number,
    norm: number,
    constant: number,
    least: number,
    found: number,
    foundSums: number,
    count: number,
    templates: number,
    probe: number,
    dimension: number,
    slack: number,
    sink: number,
  ): number
  exact(a: number, b: number, dimension: number): number
  encode(
    template: number,
    mean: number,
    dimension: number,
    high: number,
    low: number,
    rowBytes: number,
    centred: number,
    stats: number,
  ): void
  squares(template: number, dimension: number): number
  addTo(sums: number, template: number, dimension: number, factor: number): void
  setLife(life: number, birth: number, death: number): void
  setDeath(life: number, death: number): void
  isAlive(life: number, version: number): number
}

const FUNCTIONS: readonly (keyof Kernel)[] = [
  'filter',
  'takeLikely',
  'sift',
  'refine',
  'exact',
  'encode',
  'squares',
  'addTo',
  'setLife',
  'setDeath',
  'isAlive',
]

/** The built kernels, the quickest first; they give the same numbers. */
export const KERNEL_FILES = ['relaxed.wasm', 'base.wasm'] as const

/**
 * Compiles the quickest of the built kernels that this runtime can run.
 * @param folder where they are, with a slash at its end
 * @returns null where this runtime has no SIMD or no shared memory
 * @throws Error when a file is missing
 */
export function compileKernel(folder: URL): WebAssembly.Module | null {
  if (typeof SharedArrayBuffer === 'undefined') return null
  const kernels = KERNEL_FILES.map((name) => readFileSync(new URL(name, folder)))
  const find = () => kernels.find((bytes) => WebAssembly.validate(bytes))
  // Node 20 keeps relaxed SIMD behind a flag; docs/decisions/0016 says why it may be set.
  if (find() !== kernels[0]) setFlagsFromString('--experimental-wasm-relaxed-simd')
  const found = find()
  return found === undefined ? null : new WebAssembly.Module(found)
}

export function instantiateKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  if (!hasKernel(exports)) throw new Error('the kernel file is of another version: build again')
  return exports
}

function hasKernel(exports: Readonly<Record<string, unknown>>): exports is Readonly<Record<string, unknown>> & Kernel {
  return FUNCTIONS.every((name) => typeof exports[name] === 'function')
}
