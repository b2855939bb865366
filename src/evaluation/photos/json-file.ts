import { readFile } from 'node:fs/promises'
import { Refusal } from '../../domain/errors.ts'

/** @throws Refusal `file-invalid` for what is no JSON */
export async function readJsonFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Refusal('file-invalid', { file, reason: 'is not JSON' }, { cause })
  }
}
