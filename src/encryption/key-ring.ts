import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { ServerMisconfigured } from '../domain/errors.ts'
import { type Key, keyLine, newKey, parseKeys } from './key.ts'

/** Keys that were given; the current one is sealed with. */
export interface KeyRing {
  current(): Key
  key(id: string): Key | undefined
}

/** How often a key file is looked at for a key that was added. */
export const LOOK_EVERY_MS = 1_000

/** @throws ServerMisconfigured */
export function fixedKeyRing(text: string, source: string): KeyRing {
  const keys = parseKeys(text, source)
  return { current: () => keys[0], key: (id) => keys.find((key) => key.id === id) }
}

/**
 * The keys of a file. One that is added while the server runs is used without a restart: the file is looked at again
 * when it changed, and the keys that were read stay in use while it can't be read.
 * @throws ServerMisconfigured where the file can't be read or holds anything but keys
 */
export function keyFileRing(path: string): KeyRing {
  let keys = readKeyFile(path)
  let state = stateOf(path)
  let lookedAtMs = performance.now()
  const look = () => {
    if (performance.now() - lookedAtMs < LOOK_EVERY_MS) return
    lookedAtMs = performance.now()
    try {
      const now = stateOf(path)
      if (now === state) return
      keys = readKeyFile(path)
      state = now
    } catch {
      // Being replaced, or spoilt: the next look may find it whole.
    }
  }
  return {
    current() {
      look()
      return keys[0]
    },
    key(id) {
      const found = keys.find((key) => key.id === id)
      if (found !== undefined) return found
      lookedAtMs = Number.NEGATIVE_INFINITY
      look()
      return keys.find((key) => key.id === id)
    },
  }
}

function stateOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path)
  return `${mtimeMs} ${size} ${ino}`
}

function readKeyFile(path: string): readonly [Key, ...Key[]] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ServerMisconfigured(`The key file ${path} can not be read: ${String(error)}`, { cause: error })
  }
  return parseKeys(text, `The key file ${path}`)
}

/** Writes a file with one new key, readable by its owner alone. @throws Error `EEXIST` where there is one already */
export function makeKeyFile(path: string, at: Date): Key {
  const key = newKey()
  writeWhole(path, 'wx', entryOf(key, at))
  return key
}

/**
 * Puts a new key before those of the file, which stays its owner's: a server must be able to read it again.
 * @throws ServerMisconfigured where the file is none
 */
export function addKey(path: string, at: Date): Key {
  readKeyFile(path)
  const key = newKey()
  const temporary = `${path}.new`
  const { uid, gid, mode } = statSync(path)
  try {
    writeWhole(temporary, 'w', `${entryOf(key, at)}${readFileSync(path, 'utf8')}`)
    chownSync(temporary, uid, gid)
    chmodSync(temporary, mode & 0o777)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  return key
}

function entryOf(key: Key, at: Date): string {
  return `# ${key.id}, made ${at.toISOString().slice(0, 10)}\n${keyLine(key)}\n`
}

function writeWhole(path: string, flags: 'w' | 'wx', text: string): void {
  const file = openSync(path, flags, 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
