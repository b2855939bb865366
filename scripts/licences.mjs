// Writes docs/licences.md from package-lock.json; with --check it says what is not as it should be and fails:
// a list that is out of date, a licence that is not permissive, an install script that nobody decided about.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const read = (file) => readFileSync(join(root, file), 'utf8')
const LIST = 'docs/licences.md'

/** Whoever passes the product on has to keep the notices, and nothing more. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
])

/** What is used though its licence asks for more, and why that is no burden. */
const EXCEPTIONS = [
  {
    name: /^@img\/sharp-/,
    licence: 'LGPL-3.0-or-later',
    why: 'libvips, which sharp loads as a shared library; whoever passes binaries on has to let it be replaced, which npm does',
  },
  {
    name: /^(lightningcss|axe-core)/,
    licence: 'MPL-2.0',
    why: 'builds or tests the pages; nothing of it is passed on',
  },
  { name: /^@fontsource\//, licence: 'OFL-1.1', why: 'a font, which may be passed on with the pages' },
]

const { packages } = JSON.parse(read('package-lock.json'))
const { allowScripts } = JSON.parse(read('package.json'))
const used = Object.entries(packages)
  .filter(([path]) => path !== '')
  .map(([path, { version, license = 'none stated', dev = false, devOptional = false, ...rest }]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
    licence: license,
    ships: !dev && !devOptional,
    hasScript: rest.hasInstallScript === true,
    isPinned: typeof rest.integrity === 'string',
  }))

const faults = []
for (const { name, version, licence, hasScript, isPinned } of used) {
  if (!isPinned) faults.push(`${name} ${version}: package-lock.json holds no hash of it`)
  if (hasScript && allowScripts[name] === undefined)
    faults.push(`${name} ${version}: runs a script on install; decide under "allowScripts" in package.json`)
  const burdens = burdensOf(licence).filter(
    (part) => !EXCEPTIONS.some((exception) => exception.name.test(name) && exception.licence === part),
  )
  if (burdens.length > 0) faults.push(`${name} ${version}: ${burdens.join(', ')} is not permissive; do without it`)
}

const list = text()
if (!process.argv.includes('--check')) writeFileSync(join(root, LIST), list)
else if (readOrNothing(LIST) !== list) faults.push(`${LIST} is out of date: run node scripts/licences.mjs`)
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.exitCode = faults.length > 0 ? 1 : 0

/** What an SPDX expression demands beyond permissive licences; of alternatives one will do. */
function burdensOf(expression) {
  const ways = expression
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .map((way) => way.split(' AND ').filter((licence) => !PERMISSIVE.has(licence)))
  return ways.reduce((least, way) => (way.length < least.length ? way : least))
}

function text() {
  const section = (title, packagesThere) => {
    const byLicence = grouped(packagesThere)
    const rows = [...byLicence]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([licence, those]) => {
        const names = [...new Set(those.map(({ name, version }) => `${name} ${version}`))].sort()
        return `| ${licence} | ${names.join(', ')} |`
      })
    return [`## ${title}`, '', '| licence | packages |', '|---|---|', ...rows, ''].join('\n')
  }
  const exceptions = EXCEPTIONS.map(
    ({ name, licence, why }) => `- \`${name.source.replaceAll(/[\\^]/g, '')}\`, ${licence}: ${why}.`,
  )
  return [
    '# Licences of all dependencies',
    '',
    'Written by `node scripts/licences.mjs` from package-lock.json; `npm test` fails where it is out of date, where a licence is not permissive, or where a package wants to run a script on install that nobody decided about.',
    '',
    'Not permissive, and why they are used all the same:',
    '',
    ...exceptions,
    '',
    section(
      'What the server runs on',
      used.filter(({ ships }) => ships),
    ),
    section(
      'What only builds and tests it',
      used.filter(({ ships }) => !ships),
    ),
  ].join('\n')
}

function grouped(packagesThere) {
  const groups = new Map()
  for (const each of packagesThere) groups.set(each.licence, [...(groups.get(each.licence) ?? []), each])
  return groups
}

function readOrNothing(file) {
  try {
    return read(file)
  } catch {
    return ''
  }
}
