/** What a check found, in words for whoever runs the server. */
export interface Finding {
  /** `doubtful`: works, but somebody should know. */
  readonly verdict: 'good' | 'doubtful' | 'bad'
  readonly found: string
  /** What to do about it; '' where nothing need be done. */
  readonly remedy: string
}

export interface Check {
  readonly name: string
  run(): Promise<Finding>
}

export function good(found: string): Finding {
  return { verdict: 'good', found, remedy: '' }
}

export function doubtful(found: string, remedy: string): Finding {
  return { verdict: 'doubtful', found, remedy }
}

export function bad(found: string, remedy: string): Finding {
  return { verdict: 'bad', found, remedy }
}
