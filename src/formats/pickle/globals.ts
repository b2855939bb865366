import type { ByteCursor } from './byte-cursor.ts'

/** What a pickle may name. Nothing else of it runs: these are functions of ours, called with the pickle's data. */
export interface PickleGlobal {
  /** What calling it gives; absent where the name is only passed around. */
  readonly call?: (args: readonly unknown[]) => unknown
}

/** By "module name", as Python writes them, with a space between. */
export type PickleGlobals = ReadonlyMap<string, PickleGlobal>

/** Keeps the names that a pickle pushes apart from every value it can make. */
class AllowedGlobal {
  readonly name: string
  readonly global: PickleGlobal

  constructor(name: string, global: PickleGlobal) {
    this.name = name
    this.global = global
  }
}

/** The name of a global that a pickle passed as a value; null for anything else. */
export function globalName(value: unknown): string | null {
  return value instanceof AllowedGlobal ? value.name : null
}

/** @throws FormatError naming a global that is not among the allowed ones */
export function findGlobal(cursor: ByteCursor, globals: PickleGlobals, module: unknown, name: unknown): AllowedGlobal {
  if (typeof module !== 'string' || typeof name !== 'string')
    return cursor.refuse('is a pickle that names a global by something that is no text')
  const global = globals.get(`${module} ${name}`)
  if (global === undefined)
    return cursor.refuse(
      `is a pickle that asks for ${printable(`${module}.${name}`)}, which is not allowed; nothing was run`,
    )
  return new AllowedGlobal(`${module} ${name}`, global)
}

export function callGlobal(cursor: ByteCursor, target: unknown, args: unknown): unknown {
  if (!(target instanceof AllowedGlobal) || target.global.call === undefined || !Array.isArray(args))
    return cursor.refuse('is a pickle that calls something that is no function')
  return target.global.call(args)
}

/** Names come from the file: they must neither flood nor steer a terminal. */
function printable(name: string): string {
  const NAME_LENGTH_MAX = 200
  return JSON.stringify(name.slice(0, NAME_LENGTH_MAX)).slice(1, -1)
}
