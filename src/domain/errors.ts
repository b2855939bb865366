/** Every reason for which the product refuses something, as callers see it. */
export type RefusalCode =
  | 'no-face'
  | 'several-faces'
  | 'quality-too-low'
  | 'image-unreadable'
  | 'image-too-large'
  | 'image-unsupported'
  | 'body-malformed'
  | 'body-too-large'
  | 'body-unsupported'
  | 'field-missing'
  | 'field-invalid'
  | 'file-invalid'
  | 'credentials-invalid'
  | 'token-missing'
  | 'token-invalid'
  | 'token-expired'
  | 'account-locked'
  | 'username-taken'
  | 'account-not-found'
  | 'last-admin'
  | 'password-unfit'
  | 'forbidden'
  | 'person-not-found'
  | 'image-not-found'
  | 'crop-not-found'
  | 'image-id-taken'
  | 'already-enrolled'
  | 'template-invalid'
  | 'model-refused'
  | 'confirmation-required'
  | 'too-many-requests'
  | 'overloaded'
  | 'not-ready'
  | 'route-not-found'
  | 'method-not-allowed'
  | 'request-timeout'
  | 'headers-too-large'
  | 'internal'

/** Facts about a refusal that a program may act on and a person may read; never biometric data or secrets. */
export type RefusalDetails = Readonly<Record<string, unknown>>

/** The one error that is meant for whoever asked; anything else that is thrown is a fault of the product. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly details: RefusalDetails

  constructor(code: RefusalCode, details: RefusalDetails = {}, options?: ErrorOptions) {
    super(Object.keys(details).length === 0 ? code : `${code}: ${JSON.stringify(details)}`, options)
    this.code = code
    this.details = details
  }
}

export function isRefusal(error: unknown, code?: RefusalCode): error is Refusal {
  return error instanceof Refusal && (code === undefined || error.code === code)
}

/** The change log does not reach from the revision asked for to now; whoever follows it loads everything again. */
export class ChangesGone extends Error {
  override readonly name = 'ChangesGone'
}

/** The settings contradict each other or what is installed; the message says what to do. */
export class ServerMisconfigured extends Error {
  override readonly name = 'ServerMisconfigured'
}
