// Makes one file of each library that is hundreds: Node would look for, open and compile every one of them at each
// start. They are laid where Node looks first from dist/, so that nothing names them otherwise than it would.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const LIBRARIES = { kysely: ['.'], typebox: ['.', './value'] }

for (const [name, exported] of Object.entries(LIBRARIES)) {
  const source = join(root, 'node_modules', name)
  const target = join(root, 'dist', 'node_modules', name)
  const { version, license } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const input = Object.fromEntries(exported.map((path) => [fileOf(path), join(name, path)]))
  const bundle = await rolldown({ input, platform: 'node', cwd: root })
  await bundle.write({ dir: target, format: 'esm', entryFileNames: '[name].js' })
  const exports = Object.fromEntries(exported.map((path) => [path, `./${fileOf(path)}.js`]))
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name, version, license, type: 'module', exports }))
  for (const file of readdirSync(source)) if (/^licen[cs]e/i.test(file)) cpSync(join(source, file), join(target, file))
}

function fileOf(path) {
  return path === '.' ? 'index' : path.slice('./'.length)
}
