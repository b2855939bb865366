/** How sure an ordinary match of the same person should look. */
const CONFIDENCE_OF_MEDIAN_MATCH = 0.95

/**
 * The slope of the confidence that is 0.5 at the threshold and 0.95 at the median score of one person's photos. Where
 * the medians of the same and of different people lie this far apart, different people get nearly 0.
 */
export function confidenceSlope(threshold: number, genuineMedian: number): number {
  const logOdds = Math.log(CONFIDENCE_OF_MEDIAN_MATCH / (1 - CONFIDENCE_OF_MEDIAN_MATCH))
  return Number((logOdds / (genuineMedian - threshold)).toPrecision(4))
}
