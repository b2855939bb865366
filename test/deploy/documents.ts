import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url))

/** Part of a YAML document that is not known yet. */
export type Node = unknown

export function textOf(file: string): string {
  return readFileSync(join(DEPLOY, file), 'utf8')
}

/** The only document of a file. @throws Error for YAML that is not sound, keys twice in one mapping included */
export function documentOf(file: string): Node {
  return parseYaml(textOf(file))
}

/** What stands at a path such as `spec.template.0.name`; undefined where there is nothing. */
export function at(node: Node, path: string): Node {
  let found = node
  for (const step of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined
    found = new Map(Object.entries(found)).get(step)
  }
  return found
}

export function listAt(node: Node, path: string): readonly Node[] {
  const found = at(node, path)
  return Array.isArray(found) ? found : []
}

export function keysAt(node: Node, path: string): readonly string[] {
  const found = at(node, path)
  return typeof found === 'object' && found !== null ? Object.keys(found) : []
}

/** The parser that comes with the OpenAPI pages. */
function parseYaml(text: string): Node {
  const ownRequire = createRequire(import.meta.url)
  const { parse }: { parse(text: string, options: { strict: boolean; uniqueKeys: boolean }): Node } = createRequire(
    ownRequire.resolve('@fastify/swagger'),
  )('yaml')
  return parse(text, { strict: true, uniqueKeys: true })
}
