/** A row of a file that was left out. */
export interface SkippedRow {
  /** Where it stands and what it is called there: "line 7", "row 12 (123_0)". */
  readonly row: string
  /** For a person. */
  readonly reason: string
}
