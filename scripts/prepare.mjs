// Makes a checkout ready to run: installs the dependencies and builds, each only when something changed since.
// Runs before `npm start` and `npm test`, on a machine that has nothing but Node and npm, so it uses Node's own modules.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_OLDEST = [20, 19]
const root = join(dirname(fileURLToPath(import.meta.url)), '..')

refuseOldNode()
install()
build()

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NODE_OLDEST[0] || (major === NODE_OLDEST[0] && minor >= NODE_OLDEST[1])) return
  fail(
    `Node ${process.versions.node} is too old: nhandien needs ${NODE_OLDEST.join('.')} or newer (https://nodejs.org).`,
  )
}

function install() {
  const stamp = join(root, 'node_modules', '.nhandien-installed')
  // A native module is built for one version of Node and one platform.
  const state = `${hashOf(['package.json', 'package-lock.json'])} ${process.version} ${process.platform} ${process.arch}`
  if (isStamped(stamp, state)) return
  step('Installing the dependencies (a minute or two, once)')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    // Its install script would fetch CUDA libraries that a CPU has no use for; .npmrc says the same to older npms.
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  })
  writeFileSync(stamp, state)
}

function build() {
  const stamp = join(root, 'dist', '.built')
  const state = hashOf(['package-lock.json', 'tsconfig.json', ...['scripts', 'src', 'web'].flatMap(filesBelow)])
  if (isStamped(stamp, state)) return
  step('Building')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  run('npm', ['run', '--silent', 'build'])
  writeFileSync(stamp, state)
}

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

function isStamped(stamp, state) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === state
}

function run(command, args, environment = {}) {
  // npm is a shell script on Windows, which Node starts only through a shell.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32',
  })
  if (error) fail(`${command} could not be started: ${error.message}`)
  if (status !== 0) fail(`${command} ${args.join(' ')} failed; the lines above say why.`)
}

function step(text) {
  process.stderr.write(`nhandien: ${text} …\n`)
}

function fail(text) {
  process.stderr.write(`nhandien: ${text}\n`)
  process.exit(1)
}
