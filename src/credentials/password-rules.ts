import { dictionary } from '@zxcvbn-ts/language-common'
import { PASSWORD_LENGTH_MAX, type PasswordRules } from '../domain/credentials.ts'
import { Refusal } from '../domain/errors.ts'
import { normalForm } from './normal-form.ts'

/**
 * The rules of NIST SP 800-63B revision 4, section 3.1.1.2, for a password that somebody chooses: long enough, not one
 * of those everybody tries first, and no rules of composition. Length counts code points after NFKC.
 * @param lengthMin that section demands 15 where the password is the only factor, and 8 beside another one
 */
export function passwordRules(lengthMin: number): PasswordRules {
  const common = new Set(dictionary['passwords-common'])
  return {
    check(password, username) {
      if (password.length > PASSWORD_LENGTH_MAX)
        throw new Refusal('password-unfit', { reason: 'too-long', max: PASSWORD_LENGTH_MAX })
      const normal = normalForm(password)
      if ([...normal].length < lengthMin) throw new Refusal('password-unfit', { reason: 'too-short', min: lengthMin })
      if (/[\p{Cc}\p{Cs}]/u.test(normal)) throw new Refusal('password-unfit', { reason: 'control-characters' })
      const folded = normal.toLowerCase()
      if (folded === normalForm(username).toLowerCase()) throw new Refusal('password-unfit', { reason: 'username' })
      if (common.has(folded) || /^(.)\1*$/u.test(folded)) throw new Refusal('password-unfit', { reason: 'common' })
    },
  }
}
