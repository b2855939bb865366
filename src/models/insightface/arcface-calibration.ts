/**
 * Scores of ArcFace recognisers. The threshold is the one that the system this replaces used with them. Median of one
 * person's pairs and 99th percentile of different people's as measured with a small ArcFace network on LFW; larger
 * networks separate better, so these are on the safe side for them.
 */
export const ARCFACE_CALIBRATION = { threshold: 0.5, genuineMedian: 0.66, impostorP99: 0.25 } as const
