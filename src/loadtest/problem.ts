/** A load test that cannot be run; the message says what to do. */
export class LoadTestProblem extends Error {
  override readonly name = 'LoadTestProblem'
}
