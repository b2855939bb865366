import { describe, expect, test } from 'vitest'
import { Refusal } from '../domain/errors.ts'
import { passwordRules } from './password-rules.ts'

const rules = passwordRules(8)

function reasonAgainst(password: string, username = 'lan'): unknown {
  try {
    rules.check(password, username)
    return null
  } catch (error) {
    if (error instanceof Refusal && error.code === 'password-unfit') return error.details.reason
    throw error
  }
}

describe('password rules', () => {
  test.each([
    'tre xanh ven sông',
    'mậtkhẩudàivàkhó',
    '        8 spaces',
    'correct horse battery',
    `${'a'.repeat(255)}b`,
  ])('%j will do', (password) => {
    expect(reasonAgainst(password)).toBeNull()
  })

  test.each([
    ['', 'too-short'],
    ['1234567', 'too-short'],
    ['ữữữữữữữ'.normalize('NFD'), 'too-short'],
    ['😀😀😀😀😀😀😀', 'too-short'],
    ['a'.repeat(257), 'too-long'],
    ['a'.repeat(1_000_000), 'too-long'],
    ['password', 'common'],
    ['PassWord', 'common'],
    ['12345678', 'common'],
    ['iloveyou', 'common'],
    ['qwertyuiop', 'common'],
    ['ｐａｓｓｗｏｒｄ', 'common'],
    ['zzzzzzzzzzzzzzz', 'common'],
    ['line\nbreak-here', 'control-characters'],
    ['half a pair \ud800', 'control-characters'],
  ])('%j is refused as %s', (password, reason) => {
    expect(reasonAgainst(password)).toBe(reason)
  })

  test('a username is no password for it, in whatever case', () => {
    expect(reasonAgainst('Nguyen.Lan', 'nguyen.lan')).toBe('username')
    expect(reasonAgainst('Nguyen.Lan', 'somebody')).toBeNull()
  })

  test('no kind of character is asked for', () => {
    for (const password of ['kjhgtrfdcvbz', '938475610293', '%&/()=?+*#-_']) expect(reasonAgainst(password)).toBeNull()
  })

  test('the least length is as set', () => {
    const strict = passwordRules(15)
    expect(() => strict.check('fourteen chars', 'lan')).toThrow('too-short')
    expect(() => strict.check('fifteen chars !', 'lan')).not.toThrow()
  })
})
