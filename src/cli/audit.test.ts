import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { commandLine } from '../../test/cli/command-line.ts'
import { accountCommand } from './account.ts'
import { auditCommand } from './audit.ts'
import { csvRow } from './csv-row.ts'

describe('nhandien audit', () => {
  test('verifies a log, and says which rows were changed or removed', async () => {
    const { run, dataDir } = await commandLine()
    for (const name of ['a', 'b', 'c', 'd', 'e']) await run(accountCommand(), 'add', name, '--random')
    expect(await run(auditCommand(), 'verify')).toMatch(/^5 rows, none changed or missing; head [0-9a-f]{64}\n$/)
    expect(process.exitCode).toBeUndefined()
    const database = new Sqlite(join(dataDir, 'nhandien.sqlite'))
    database.exec("update audit set username = 'somebody else' where audit_id = 2")
    database.exec('delete from audit where audit_id in (4, 5)')
    database.close()
    expect(await run(auditCommand(), 'verify')).toBe(
      'row 2: changed\nrow 4: missing\nrow 5: missing\n3 rows, 3 faults: the log was tampered with or damaged\n',
    )
    expect(process.exitCode).toBe(1)
  })

  test('exports what was asked for to a file that was not there, and notes that', async () => {
    const { run, dataDir } = await commandLine()
    for (const name of ['lan', 'hoa']) await run(accountCommand(), 'add', name, '--random')
    const file = join(dataDir, 'log.jsonl')
    const words = ['export', '--format', 'jsonl', '--action', 'account-create', '--output', file]
    expect(await run(auditCommand(), ...words)).toContain('2 rows written')
    const rows = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(rows.map((line) => JSON.parse(line))).toMatchObject([
      { id: 1, action: 'account-create', target: 'account:lan', outcome: 'done' },
      { id: 2, action: 'account-create', target: 'account:hoa', outcome: 'done' },
    ])
    await expect(run(auditCommand(), ...words)).rejects.toThrow('EEXIST')
    expect(await run(auditCommand(), 'export', '--action', 'export')).toMatch(
      /^id,at,username,.*\r\n3,20.*Z,\(console\),export,audit,done,,,"\{""format"":""jsonl"",""rows"":2\}"\r\n$/,
    )
    expect(await run(auditCommand(), 'export', '--to', '2020-01-01')).toMatch(/^id,[a-z_,]+\r\n$/)
  })
})

test('cells that a spreadsheet would run are text', () => {
  const cells = ['=1+1', '+1', '-1', '@A1', '\tx', 'a"b', 'a,b', 'line\nbreak', 'nguyễn', '', null, -5]
  expect(csvRow(cells)).toBe(`'=1+1,'+1,'-1,'@A1,'\tx,"a""b","a,b","line\nbreak",nguyễn,,,-5\r\n`)
})
