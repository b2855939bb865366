// Does what deploy/Dockerfile says without Docker: every COPY and RUN in a clean folder, the files under the rights of the
// image, and then the server as an unprivileged user who can write to nothing but the data folder.
// As root, from the root of a checkout: node deploy/rehearse-dockerfile.mjs
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const IMAGE_USER = 1_000
const READY_WITHIN_MS = 120_000
const STOPPED_WITHIN_MS = 30_000
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const work = mkdtempSync(join(tmpdir(), 'nhandien-image-'))
chmodSync(work, 0o755)

try {
  const image = build(instructions(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8')))
  report(image)
  await serve(image)
  console.log('rehearsed: built, served as an unprivileged user on read-only files, stopped on SIGTERM with 0')
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** One instruction a line, as this Dockerfile is written. */
function instructions(text) {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }))
}

/** The last stage: its folder, environment and command. */
function build(steps) {
  const stages = new Map()
  let stage
  for (const { name, rest } of steps) {
    console.log(`${name} ${rest}`)
    if (name === 'FROM') {
      const [, as] = / AS (\w+)$/.exec(rest) ?? [null, 'last']
      stage = { folder: join(work, as), workdir: '/', env: {}, entrypoint: [], cmd: [] }
      stages.set(as, stage)
      mkdirSync(stage.folder)
    } else if (name === 'WORKDIR') {
      stage.workdir = rest
      mkdirSync(join(stage.folder, rest), { recursive: true })
    } else if (name === 'ENV') {
      for (const pair of rest.split(' ')) stage.env[pair.split('=')[0]] = pair.split('=')[1]
    } else if (name === 'COPY') copy(stage, stages, rest)
    else if (name === 'RUN') run(stage, rest)
    else if (name === 'ENTRYPOINT') stage.entrypoint = JSON.parse(rest)
    else if (name === 'CMD') stage.cmd = JSON.parse(rest)
    else if (!['USER', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK'].includes(name))
      throw new Error(`What is ${name}?`)
    if (name === 'USER' && rest !== `${IMAGE_USER}:${IMAGE_USER}`) throw new Error('The image has another user')
  }
  return stage
}

function copy(stage, stages, rest) {
  const words = rest.split(' ')
  const from = words[0].startsWith('--from=') ? stages.get(words.shift().slice('--from='.length)).folder : root
  const target = words.pop()
  for (const source of words) {
    const to = join(stage.folder, stage.workdir, target, words.length > 1 || target === './' ? basename(source) : '')
    cpSync(join(from, source), to, { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
  }
}

function run(stage, command) {
  const here = command.replaceAll(/ (\/data)\b/g, (_, path) => ` ${join(stage.folder, path)}`)
  execFileSync('/bin/sh', ['-c', here], {
    cwd: join(stage.folder, stage.workdir),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...proxySettings(), ...stage.env },
    stdio: 'inherit',
  })
}

function proxySettings() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(https?_proxy|no_proxy|npm_config_.*)$/i.test(name)),
  )
}

function report({ folder }) {
  console.log(execFileSync('du', ['-sh', join(folder, 'app')], { encoding: 'utf8' }).trim())
  for (const part of ['node_modules/onnxruntime-node/bin', 'node_modules/@vladmandic'])
    console.log(execFileSync('find', [join(folder, 'app', part), '-type', 'f'], { encoding: 'utf8' }).trim())
}

async function serve({ folder, workdir, env, entrypoint, cmd }) {
  const [program, ...words] = [...entrypoint, ...cmd]
  const child = spawn(program === 'node' ? process.execPath : program, words, {
    cwd: join(folder, workdir),
    uid: IMAGE_USER,
    gid: IMAGE_USER,
    env: { PATH: process.env.PATH, ...env, DATA_DIR: join(folder, env.DATA_DIR), PORT: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    const port = await within(READY_WITHIN_MS, async () =>
      / http:\/\/localhost:(\d+)| http:\/\/[\d.]+:(\d+)/.exec(said)?.slice(1).find(Boolean),
    )
    for (const path of ['/health/ready', '/health/live', '/', '/docs/']) {
      const { status } = await fetch(`http://127.0.0.1:${port}${path}`)
      console.log(`${path} ${status}`)
      if (status !== 200) throw new Error(`${path} answered ${status}`)
    }
    child.kill('SIGTERM')
    const code = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOPPED_WITHIN_MS, 'late'))])
    if (code !== 0) throw new Error(`The server ended with ${code}`)
  } catch (error) {
    console.error(said)
    throw error
  } finally {
    child.kill('SIGKILL')
  }
}

async function within(ms, look) {
  for (
    const deadline = Date.now() + ms;
    Date.now() < deadline;
    await new Promise((resolve) => setTimeout(resolve, 200))
  ) {
    const found = await look()
    if (found !== undefined) return found
  }
  throw new Error('The server did not say that it is ready')
}
