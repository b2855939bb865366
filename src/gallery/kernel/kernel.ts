/// <reference path="../../web-assembly.d.ts" />
import { readFileSync } from 'node:fs'

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
    norm: number,
    constant: number,
    least: number,
    found: number,
    foundSums: number,
    foundBounds: number,
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
  setLife(life: number, birth: number, death: number): void
  setDeath(life: number, death: number): void
  isAlive(life: number, version: number): number
}

const FUNCTIONS: readonly (keyof Kernel)[] = [
  'filter',
  'sift',
  'refine',
  'exact',
  'encode',
  'setLife',
  'setDeath',
  'isAlive',
]

/**
 * Compiles the built kernel.
 * @returns null where this runtime has no SIMD or no shared memory
 * @throws Error when the file is missing
 */
export function compileKernel(file: URL): WebAssembly.Module | null {
  const bytes = readFileSync(file)
  if (typeof SharedArrayBuffer === 'undefined' || !WebAssembly.validate(bytes)) return null
  return new WebAssembly.Module(bytes)
}

export function instantiateKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  if (!hasKernel(exports)) throw new Error('the kernel file is of another version: build again')
  return exports
}

function hasKernel(exports: Readonly<Record<string, unknown>>): exports is Readonly<Record<string, unknown>> & Kernel {
  return FUNCTIONS.every((name) => typeof exports[name] === 'function')
}
