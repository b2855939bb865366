/** Why one is asked to sign in. */
export const SIGN_IN_REASONS = ['expired', 'required', 'signed-out', 'password-changed'] as const
export type SignInReason = (typeof SIGN_IN_REASONS)[number]

/** The page for signing in, which leads back to where one is: that place stands after its #, so no other host can be. */
export function signInAddress(reason?: SignInReason): string {
  return `/auth.html${reason === undefined ? '' : `?reason=${reason}`}${location.hash}`
}

export function goToSignIn(reason: SignInReason): void {
  location.replace(signInAddress(reason))
}

export function signInReason(): SignInReason | null {
  const given = new URLSearchParams(location.search).get('reason')
  return SIGN_IN_REASONS.find((reason) => reason === given) ?? null
}
