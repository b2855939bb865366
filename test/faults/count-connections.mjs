// Loaded before the server (node --import): writes a line for each attempt to reach somebody, in any thread.

import dgram from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const { ATTEMPTS_FILE } = process.env

function watch(owner, name) {
  const original = owner[name]
  if (typeof original !== 'function') return
  owner[name] = function (...given) {
    appendFileSync(ATTEMPTS_FILE, `${name} ${JSON.stringify(given[0] ?? null)}\n`)
    return original.apply(this, given)
  }
}

watch(net.Socket.prototype, 'connect')
watch(dgram.Socket.prototype, 'send')
watch(dgram.Socket.prototype, 'connect')
for (const resolver of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
  for (const name of ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'reverse'])
    watch(resolver, name)
syncBuiltinESMExports()
