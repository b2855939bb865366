import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { ApiError } from '../../api/api-error.ts'
import { type Identification, identify } from '../../api/recognition.ts'
import { fitPhoto } from '../../photos/fit-photo.ts'
import { pause } from './pause.ts'

/** Photos on their way at one time: the server works on one while the next is sent. */
const SENDING_MAX = 2
const ATTEMPTS_MAX = 4
const WAIT_MS = 1_000
const SECOND_MS = 1_000

export interface QueuedPhoto {
  readonly id: number
  readonly name: string
  /** What was sent, so that boxes fit it. */
  readonly photo: Blob
  readonly state: 'waiting' | 'sending' | 'done' | 'failed'
  /** Of the last time it was done. */
  readonly identification: Identification | null
  readonly error: unknown
}

export interface PhotoQueue {
  readonly photos: readonly QueuedPhoto[]
  readonly selected: QueuedPhoto | null
  readonly stopped: boolean
  readonly add: (files: readonly File[]) => void
  /** Null shows the list. */
  readonly select: (id: number | null) => void
  readonly again: (id: number) => void
  readonly stop: () => void
  readonly resume: () => void
  readonly clear: () => void
}

type Change =
  | { readonly kind: 'add'; readonly photos: readonly QueuedPhoto[] }
  | { readonly kind: 'set'; readonly id: number; readonly to: Partial<QueuedPhoto> }
  | { readonly kind: 'clear' }

/** Photos that are recognised one after the other, with a failure of one leaving the others alone. */
export function usePhotoQueue(): PhotoQueue {
  const [photos, change] = useReducer(changed, [])
  const [selectedId, select] = useState<number | null>(null)
  const [stopped, setStopped] = useState(false)
  const next = useRef(1)
  const aborter = useRef(new AbortController())

  useEffect(() => {
    if (stopped) return
    const sending = photos.filter(({ state }) => state === 'sending').length
    const waiting = photos.filter(({ state }) => state === 'waiting')
    for (const photo of waiting.slice(0, Math.max(0, SENDING_MAX - sending))) {
      change({ kind: 'set', id: photo.id, to: { state: 'sending' } })
      void recognise(photo, aborter.current.signal, (to) => change({ kind: 'set', id: photo.id, to }))
    }
  }, [photos, stopped])

  const add = useCallback((files: readonly File[]) => {
    const added = files.map(
      (file): QueuedPhoto => ({
        id: next.current++,
        name: file.name,
        photo: file,
        state: 'waiting',
        identification: null,
        error: null,
      }),
    )
    change({ kind: 'add', photos: added })
    setStopped(false)
    select(added.length === 1 ? (added[0]?.id ?? null) : null)
  }, [])
  const again = useCallback((id: number) => change({ kind: 'set', id, to: { state: 'waiting', error: null } }), [])
  const clear = useCallback(() => {
    aborter.current.abort()
    aborter.current = new AbortController()
    change({ kind: 'clear' })
    select(null)
  }, [])
  const stop = useCallback(() => setStopped(true), [])
  const resume = useCallback(() => setStopped(false), [])

  const selected = photos.find(({ id }) => id === selectedId) ?? null
  return useMemo(
    () => ({ photos, selected, stopped, add, select, again, stop, resume, clear }),
    [photos, selected, stopped, add, again, stop, resume, clear],
  )
}

function changed(photos: readonly QueuedPhoto[], change: Change): readonly QueuedPhoto[] {
  switch (change.kind) {
    case 'add':
      return [...photos, ...change.photos]
    case 'set':
      return photos.map((photo) => (photo.id === change.id ? { ...photo, ...change.to } : photo))
    case 'clear':
      return []
  }
}

async function recognise({ photo }: QueuedPhoto, signal: AbortSignal, set: (to: Partial<QueuedPhoto>) => void) {
  const fitting = await fitPhoto(photo)
  for (let attempt = 1; !signal.aborted; attempt++)
    try {
      const identification = await identify(fitting, { signal })
      return set({ state: 'done', photo: fitting, identification, error: null })
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof ApiError && error.passes) || attempt === ATTEMPTS_MAX)
        return set({ state: 'failed', photo: fitting, identification: null, error })
      await pause(waitMs(error, attempt), signal)
    }
}

/** As long as the server asks for, else longer with every attempt. */
function waitMs({ details }: ApiError, attempt: number): number {
  const seconds = details.retry_after_seconds
  return typeof seconds === 'number' ? seconds * SECOND_MS : WAIT_MS * 2 ** (attempt - 1)
}
