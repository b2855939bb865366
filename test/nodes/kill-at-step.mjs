/*
 * Kills its own process at one step of the writing of a gallery's snapshot: what a timer outside hits by luck. node.mjs
 * imports it in the main thread and names it for all threads; `KILL_AT` in the environment, which a thread takes over
 * when it is made, names the step. Nothing of the product is replaced: each call is done, or half done, as it would be.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** Left behind by a process that reached its step, with the step's name. */
const REACHED = 'killed-at'
const TEMPORARY = /being-written-\d+\.snapshot$/
const FINISHED = /\d+\.snapshot$/

const { openSync, writeSync, fsyncSync, renameSync, rmSync, writeFileSync } = fs
const temporaries = new Set()
let writes = 0

function killAt(step) {
  if (process.env.KILL_AT !== step) return
  writeFileSync(REACHED, step)
  process.kill(process.pid, 'SIGKILL')
}

fs.openSync = (path, ...rest) => {
  const file = openSync(path, ...rest)
  if (TEMPORARY.test(String(path))) {
    temporaries.add(file)
    killAt('opened')
  } else temporaries.delete(file)
  return file
}

fs.writeSync = (file, bytes, at = 0, ...rest) => {
  if (!temporaries.has(file)) return writeSync(file, bytes, at, ...rest)
  writes++
  if (process.env.KILL_AT === `half of write ${writes}`) writeSync(file, bytes, at, Math.floor((bytes.length - at) / 2))
  killAt(`half of write ${writes}`)
  const written = writeSync(file, bytes, at, ...rest)
  killAt(`write ${writes}`)
  return written
}

fs.fsyncSync = (file) => {
  const isTemporary = temporaries.has(file)
  if (isTemporary) killAt('before sync')
  fsyncSync(file)
  if (isTemporary) killAt('between sync and rename')
  else if (writes > 0) killAt('after sync of the folder')
}

fs.renameSync = (from, to) => {
  renameSync(from, to)
  if (TEMPORARY.test(String(from))) killAt('after rename')
}

fs.rmSync = (path, ...rest) => {
  const isGeneration = FINISHED.test(String(path)) && !TEMPORARY.test(String(path))
  if (isGeneration) killAt('before the older one is removed')
  rmSync(path, ...rest)
  if (isGeneration) killAt('after the older one is removed')
}

syncBuiltinESMExports()
