import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/*
 * What no linter knows. Each complaint says where it is and what to do about it.
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const LINES_MAX = 250

interface SourceFile {
  readonly path: string
  readonly lines: readonly string[]
}

const files = ownFiles()
const code = files.filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file.path))
const source = code.filter((file) => file.path.startsWith('src/'))

describe('the tree is tidy', () => {
  it('has files of one subject', () => {
    const long = code.filter((file) => file.lines.length > LINES_MAX && !file.path.endsWith('.test.ts'))
    expect(
      long.map((file) => `${file.path} has ${file.lines.length} lines: split it by subject, ${LINES_MAX} at most`),
    ).toEqual([])
  })

  it('speaks Vietnamese only on the wire, in the tables and in locales', () => {
    const allowed = ['src/http/wire/', 'src/records/', 'src/moving-in/', 'src/http/messages/']
    const words =
      /\b(ten_nguoi|tuoi|gioi_?tinh|noi_?o|nguoi|nguoi_list|so_anh|taikhoan|passwrd)\b|['"`]ten['"`]|[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđƠơƯư]/i
    expect(
      complaints(
        source.filter(
          (file) => !file.path.endsWith('.test.ts') && !allowed.some((folder) => file.path.startsWith(folder)),
        ),
        words,
        'use the English term here; translate in src/http/wire or src/records',
      ),
    ).toEqual([])
  })

  it('has no drawers', () => {
    const drawers =
      /^(utils?|helpers?|managers?|services?|common|misc|shared)(\.|$)|-(utils?|helpers?|manager|service)\./i
    const named = code.filter((file) => file.path.split('/').some((part) => drawers.test(part)))
    expect(named.map((file) => `${file.path}: name it after what it is about`)).toEqual([])
  })

  it('has no barrels', () => {
    const barrels = source.filter((file) =>
      file.lines.some((line) => /^export (\*|type \*|\{.*\}) ?.* from /.test(line)),
    )
    expect(barrels.map((file) => `${file.path} re-exports: import from the file that owns the name`)).toEqual([])
  })

  it('leaves nothing unfinished', () => {
    const words = /\b(TODO|FIXME|XXX|HACK)\b|not implemented|\.(only|todo)\(/
    const others = code.filter((file) => file.path !== 'test/tidy/tidy.test.ts')
    expect(complaints(others, words, 'finish it, or leave it out and say so in the issue')).toEqual([])
  })

  it('reads the environment in one place', () => {
    const readers = source.filter((file) => !file.path.startsWith('src/config/') && !file.path.endsWith('.test.ts'))
    expect(
      complaints(readers, /process\.env/, 'add a setting to src/config/settings.ts and take it as a value'),
    ).toEqual([])
  })

  it('has no casts around the type of rows and bodies', () => {
    const outside = source.filter((file) => /^src\/(http|records)\//.test(file.path) && !file.path.endsWith('.test.ts'))
    expect(complaints(outside, /\bas (any|unknown as)\b/, 'narrow with a check instead of a cast')).toEqual([])
  })

  it('numbers its decisions without gaps', () => {
    const decisions = files
      .filter((file) => /^docs\/decisions\/\d{4}-.*\.md$/.test(file.path))
      .map((file) => Number(basename(file.path).slice(0, 4)))
      .sort((a, b) => a - b)
    expect(decisions).toEqual(decisions.map((_, index) => index + 1))
  })

  it('links to files that exist', () => {
    const broken = files
      .filter((file) => file.path.endsWith('.md'))
      .flatMap((file) =>
        [...file.lines.join('\n').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].flatMap(([, target = '']) =>
          existsSync(join(ROOT, dirname(file.path), target)) ? [] : [`${file.path}: ${target} does not exist`],
        ),
      )
    expect(broken).toEqual([])
  })

  it('commits neither photographs nor weights', () => {
    const binaries = files.filter((file) => /\.(jpe?g|onnx|pth|pt|npz|index|bin)$/i.test(file.path))
    expect(binaries.map((file) => `${file.path}: only what the project made itself may be committed`)).toEqual([])
  })
})

function complaints(among: readonly SourceFile[], pattern: RegExp, remedy: string): string[] {
  return among.flatMap((file) =>
    file.lines.flatMap((line, index) =>
      pattern.test(line) ? [`${file.path}:${index + 1}: ${remedy}: ${line.trim()}`] : [],
    ),
  )
}

/** Files of the project that are committed or would be. */
function ownFiles(): SourceFile[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n') }))
}
