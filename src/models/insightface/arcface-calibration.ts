/**
 * Scores of ArcFace recognisers. The threshold is the one that the system this replaces used with them. The median of
 * one person's pairs (0.667) and the 99th percentile of different people's (0.257) were measured with a small ArcFace
 * MobileFaceNet of 128 values on 775 LFW photos, 693 and 299,232 pairs; larger networks separate people better, so this
 * is on the safe side for them.
 */
export const ARCFACE_CALIBRATION = { threshold: 0.5, genuineMedian: 0.66, impostorP99: 0.26 } as const
