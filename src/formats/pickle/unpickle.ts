import type { ByteCursor } from './byte-cursor.ts'
import { callGlobal, findGlobal, type PickleGlobals } from './globals.ts'
import { OPCODE } from './opcodes.ts'
import { PickleStack } from './pickle-stack.ts'

const PROTOCOL_MAX = 5

/** A value of ours that the pickle may complete once; others ignore what a pickle adds to them. */
export interface Completable {
  complete(state: unknown): void
}

export interface PickleWish {
  readonly globals: PickleGlobals
  /** What a persistent id stands for; pickles with such ids are refused where absent. */
  readonly persistent?: (id: unknown) => unknown
}

/**
 * Reads one pickle as data: lists and tuples become arrays, dictionaries Maps, bytes Uint8Arrays, whole numbers beyond
 * 2^53 bigints. A pickle is a program for a small machine; this machine knows no names but the given ones.
 * Source: CPython, Lib/pickletools.py.
 * @param cursor at the pickle's first byte; afterwards behind its last
 * @throws FormatError for any other global, with its name, for unknown opcodes, and when the pickle is not whole
 */
export function unpickle(cursor: ByteCursor, wish: PickleWish): unknown {
  const machine = new PickleStack(cursor)
  for (;;) {
    const opcode = cursor.uint8()
    if (opcode === OPCODE.STOP) return machine.pop()
    if (!pushValue(opcode, cursor, machine) && !collect(opcode, machine) && !remember(opcode, cursor, machine))
      buildObject(opcode, cursor, machine, wish)
  }
}

function pushValue(opcode: number, cursor: ByteCursor, machine: PickleStack): boolean {
  switch (opcode) {
    case OPCODE.NONE:
      machine.push(null)
      return true
    case OPCODE.NEWTRUE:
      machine.push(true)
      return true
    case OPCODE.NEWFALSE:
      machine.push(false)
      return true
    case OPCODE.BININT:
      machine.push(cursor.int32())
      return true
    case OPCODE.BININT1:
      machine.push(cursor.uint8())
      return true
    case OPCODE.BININT2:
      machine.push(cursor.uint16())
      return true
    case OPCODE.LONG1:
      machine.push(wholeNumber(cursor.bytes(cursor.uint8())))
      return true
    case OPCODE.BINFLOAT:
      machine.push(cursor.float64BigEndian())
      return true
    case OPCODE.SHORT_BINUNICODE:
      machine.push(cursor.text(cursor.uint8()))
      return true
    case OPCODE.BINUNICODE:
      machine.push(cursor.text(cursor.uint32()))
      return true
    case OPCODE.SHORT_BINBYTES:
      machine.push(cursor.bytes(cursor.uint8()))
      return true
    case OPCODE.BINBYTES:
      machine.push(cursor.bytes(cursor.uint32()))
      return true
    default:
      return false
  }
}

/** Two's complement, least byte first; no bytes are zero. */
function wholeNumber(bytes: Uint8Array): number | bigint {
  let value = 0n
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte)
  value = BigInt.asIntN(bytes.length * 8, value)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function collect(opcode: number, machine: PickleStack): boolean {
  switch (opcode) {
    case OPCODE.MARK:
      machine.mark()
      return true
    case OPCODE.EMPTY_TUPLE:
    case OPCODE.EMPTY_LIST:
      machine.push([])
      return true
    case OPCODE.EMPTY_DICT:
      machine.push(new Map())
      return true
    case OPCODE.TUPLE:
      machine.push(machine.popToMark())
      return true
    case OPCODE.TUPLE1:
      machine.push(machine.popMany(1))
      return true
    case OPCODE.TUPLE2:
      machine.push(machine.popMany(2))
      return true
    case OPCODE.TUPLE3:
      machine.push(machine.popMany(3))
      return true
    case OPCODE.APPEND:
      machine.append(machine.popMany(1))
      return true
    case OPCODE.APPENDS:
      machine.append(machine.popToMark())
      return true
    case OPCODE.SETITEM:
      machine.setItems(machine.popMany(2))
      return true
    case OPCODE.SETITEMS:
      machine.setItems(machine.popToMark())
      return true
    default:
      return false
  }
}

function remember(opcode: number, cursor: ByteCursor, machine: PickleStack): boolean {
  switch (opcode) {
    case OPCODE.BINPUT:
      machine.store(cursor.uint8())
      return true
    case OPCODE.LONG_BINPUT:
      machine.store(cursor.uint32())
      return true
    case OPCODE.MEMOIZE:
      machine.storeNext()
      return true
    case OPCODE.BINGET:
      machine.recall(cursor.uint8())
      return true
    case OPCODE.LONG_BINGET:
      machine.recall(cursor.uint32())
      return true
    default:
      return false
  }
}

function buildObject(opcode: number, cursor: ByteCursor, machine: PickleStack, wish: PickleWish): void {
  switch (opcode) {
    case OPCODE.PROTO:
      if (cursor.uint8() > PROTOCOL_MAX) cursor.refuse(`uses a pickle protocol above ${PROTOCOL_MAX}`)
      break
    case OPCODE.FRAME:
      cursor.int64()
      break
    case OPCODE.GLOBAL: {
      const module = cursor.line()
      machine.push(findGlobal(cursor, wish.globals, module, cursor.line()))
      break
    }
    case OPCODE.STACK_GLOBAL: {
      const [module, name] = machine.popMany(2)
      machine.push(findGlobal(cursor, wish.globals, module, name))
      break
    }
    case OPCODE.INST: {
      const module = cursor.line()
      findGlobal(cursor, wish.globals, module, cursor.line())
      refuseOpcode(cursor, opcode)
      break
    }
    case OPCODE.REDUCE: {
      const [target, args] = machine.popMany(2)
      machine.push(callGlobal(cursor, target, args))
      break
    }
    case OPCODE.BUILD: {
      const state = machine.pop()
      const target = machine.top()
      if (isCompletable(target)) target.complete(state)
      break
    }
    case OPCODE.BINPERSID: {
      const resolve = wish.persistent ?? cursor.refuse('is a pickle with persistent ids, which have no place here')
      machine.push(resolve(machine.pop()))
      break
    }
    default:
      refuseOpcode(cursor, opcode)
  }
}

function refuseOpcode(cursor: ByteCursor, opcode: number): never {
  return cursor.refuse(
    `is no pickle of plain data: it has the opcode 0x${opcode.toString(16)} at ${cursor.position - 1}`,
  )
}

function isCompletable(value: unknown): value is Completable {
  return typeof value === 'object' && value !== null && 'complete' in value && typeof value.complete === 'function'
}
