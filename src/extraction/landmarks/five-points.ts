import type { LandmarkFinder } from './landmark-finder.ts'
import { poseFromFivePoints } from './pose.ts'

/** For detectors that give the five points themselves. */
export const detectorsOwnPoints: LandmarkFinder = {
  async locate(_pyramid, { box, score, landmarks }) {
    if (landmarks === null) throw new Error('The detector gives no landmarks, so the pack needs a landmark model')
    return { box, score, landmarks, corners: null, pose: poseFromFivePoints(landmarks) }
  },
}
