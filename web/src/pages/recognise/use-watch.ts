import { type RefObject, useEffect, useState } from 'react'
import { ApiError } from '../../api/api-error.ts'
import { type Face, identify } from '../../api/recognition.ts'
import { pause } from './pause.ts'
import { takeFrame } from './take-frame.ts'

/** Wide enough for faces across a room, small enough for a slow network. */
const FRAME_WIDTH_MAX = 960
/** From one frame to the next at least: more would tire the server and tell no more. */
const FRAME_MS_MIN = 200
const TROUBLE_WAIT_MS = 2_000
const SECOND_MS = 1_000

export interface Sight {
  readonly faces: readonly Face[]
  readonly threshold: number
  /** Pixels of the frame that the boxes are in. */
  readonly size: { readonly width: number; readonly height: number }
  /** From the frame to its answer. */
  readonly milliseconds: number
  readonly framesPerSecond: number
  readonly at: number
}

export interface Watch {
  /** Of the last frame that was answered; null before and while off. */
  readonly sight: Sight | null
  readonly error: unknown
}

/**
 * Recognises what a video shows, again and again: a frame is sent only when the answer to the one before is there, so
 * that a slow server or network gets fewer frames, never a pile of them.
 */
export function useWatch(video: RefObject<HTMLVideoElement | null>, on: boolean): Watch {
  const [watch, setWatch] = useState<Watch>({ sight: null, error: null })
  useEffect(() => {
    if (!on) return
    const aborter = new AbortController()
    void watchOn(video, aborter.signal, setWatch)
    return () => {
      aborter.abort()
      setWatch({ sight: null, error: null })
    }
  }, [on, video])
  return watch
}

async function watchOn(
  video: RefObject<HTMLVideoElement | null>,
  signal: AbortSignal,
  tell: (watch: Watch) => void,
): Promise<void> {
  let before = performance.now()
  while (!signal.aborted) {
    const started = performance.now()
    const frame = video.current === null || document.hidden ? null : await takeFrame(video.current, FRAME_WIDTH_MAX)
    if (frame !== null)
      try {
        const { faces, threshold } = await identifyOrNobody(frame.photo, signal)
        if (signal.aborted) return
        const framesPerSecond = SECOND_MS / (started - before)
        before = started
        const milliseconds = performance.now() - started
        const { width, height } = frame
        const sight = { faces, threshold, size: { width, height }, milliseconds, framesPerSecond, at: Date.now() }
        tell({ sight, error: null })
      } catch (error) {
        if (signal.aborted) return
        tell({ sight: null, error })
        await pause(TROUBLE_WAIT_MS, signal)
      }
    await pause(Math.max(0, FRAME_MS_MIN - (performance.now() - started)), signal)
  }
}

/** An empty scene is nothing wrong here. */
async function identifyOrNobody(photo: Blob, signal: AbortSignal) {
  try {
    return await identify(photo, { signal })
  } catch (error) {
    if (error instanceof ApiError && error.code === 'no-face') return { faces: [], threshold: 0 }
    throw error
  }
}
