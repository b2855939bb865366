import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Refusal } from '../domain/errors.ts'

const PIPED_BYTES_MAX = 64 * 1024

/**
 * A password typed twice without showing it, or the first line of standard input where that is no terminal: never an
 * argument, which every user of the machine could read.
 */
export async function readNewPassword(username: string): Promise<string> {
  if (!process.stdin.isTTY) return await firstLineOfInput()
  const password = await askUnseen(`New password of ${username}: `)
  if ((await askUnseen('Once more: ')) !== password)
    throw new Refusal('field-invalid', { field: 'password', reason: 'the two differ' })
  return password
}

/** The password of a known account, asked for once; or the first line of standard input. */
export async function readPassword(username: string): Promise<string> {
  if (!process.stdin.isTTY) return await firstLineOfInput()
  return await askUnseen(`Password of ${username}: `)
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question)
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true })
  const interrupt = new AbortController()
  terminal.once('SIGINT', () => interrupt.abort())
  terminal.once('close', () => interrupt.abort())
  try {
    return await terminal.question('', { signal: interrupt.signal })
  } catch (error) {
    throw new Refusal('field-missing', { field: 'password' }, { cause: error })
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}

async function firstLineOfInput(): Promise<string> {
  let text = ''
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += piece
    if (text.includes('\n') || text.length > PIPED_BYTES_MAX) break
  }
  const line = text.split('\n', 1)[0]?.replace(/\r$/, '') ?? ''
  if (line === '') throw new Refusal('field-missing', { field: 'password' })
  return line
}
