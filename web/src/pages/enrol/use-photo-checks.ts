import { useCallback, useEffect, useReducer, useRef } from 'react'
import { type Detection, detect } from '../../api/detection.ts'
import { patiently } from '../../api/patiently.ts'
import { cropFace } from '../../photos/crop-face.ts'
import { fitPhoto } from '../../photos/fit-photo.ts'

/** Photos that are looked at at one time. */
const CHECKING_MAX = 2

export interface CheckedPhoto {
  readonly id: number
  readonly file: File
  readonly state: 'waiting' | 'checking' | 'checked' | 'failed'
  readonly detection: Detection | null
  /** The face to be enrolled. */
  readonly face: number | null
  readonly error: unknown
}

export interface PhotoChecks {
  readonly photos: readonly CheckedPhoto[]
  readonly add: (files: readonly File[]) => void
  readonly remove: (id: number) => void
  readonly chooseFace: (id: number, face: number) => void
  readonly clear: () => void
}

type Change =
  | { readonly kind: 'add'; readonly photos: readonly CheckedPhoto[] }
  | { readonly kind: 'set'; readonly id: number; readonly to: Partial<CheckedPhoto> }
  | { readonly kind: 'remove'; readonly id: number }
  | { readonly kind: 'clear' }

/** Photos that are looked at by the server as soon as they are chosen, before any is stored. */
export function usePhotoChecks(): PhotoChecks {
  const [photos, change] = useReducer(changed, [])
  const next = useRef(1)
  const aborter = useRef<AbortController | null>(null)

  useEffect(() => {
    const mine = new AbortController()
    aborter.current = mine
    return () => mine.abort()
  }, [])

  useEffect(() => {
    const signal = aborter.current?.signal
    if (signal === undefined) return
    const checking = photos.filter(({ state }) => state === 'checking').length
    const waiting = photos.filter(({ state }) => state === 'waiting')
    for (const photo of waiting.slice(0, Math.max(0, CHECKING_MAX - checking))) {
      change({ kind: 'set', id: photo.id, to: { state: 'checking' } })
      void check(photo, signal, (to) => change({ kind: 'set', id: photo.id, to }))
    }
  }, [photos])

  const add = useCallback((files: readonly File[]) => {
    const added = files.map(
      (file): CheckedPhoto => ({
        id: next.current++,
        file,
        state: 'waiting',
        detection: null,
        face: null,
        error: null,
      }),
    )
    change({ kind: 'add', photos: added })
  }, [])
  const remove = useCallback((id: number) => change({ kind: 'remove', id }), [])
  const chooseFace = useCallback((id: number, face: number) => change({ kind: 'set', id, to: { face } }), [])
  const clear = useCallback(() => change({ kind: 'clear' }), [])
  return { photos, add, remove, chooseFace, clear }
}

function changed(photos: readonly CheckedPhoto[], change: Change): readonly CheckedPhoto[] {
  switch (change.kind) {
    case 'add':
      return [...photos, ...change.photos]
    case 'set':
      return photos.map((photo) => (photo.id === change.id ? { ...photo, ...change.to } : photo))
    case 'remove':
      return photos.filter(({ id }) => id !== change.id)
    case 'clear':
      return []
  }
}

async function check({ file }: CheckedPhoto, signal: AbortSignal, set: (to: Partial<CheckedPhoto>) => void) {
  try {
    const fitting = await fitPhoto(file)
    const detection = await patiently(async () => await detect(fitting, signal), signal)
    set({ state: 'checked', detection, face: detection.mainFace })
  } catch (error) {
    if (!signal.aborted) set({ state: 'failed', error })
  }
}

/** The face as it would be enrolled; null where there is none, or none was found yet. */
export function chosenFace({ detection, face }: CheckedPhoto) {
  return face === null ? null : (detection?.faces[face] ?? null)
}

export function isUsable(photo: CheckedPhoto): boolean {
  return chosenFace(photo)?.shortcomings.length === 0
}

/** What is sent: of several faces the chosen one alone, with what is around it. */
export async function photoToSend(photo: CheckedPhoto): Promise<Blob> {
  const face = chosenFace(photo)
  const fitting = await fitPhoto(photo.file)
  if (photo.detection === null || face === null || photo.detection.faces.length < 2) return fitting
  const crop = await cropFace(fitting, face.box)
  return new File([crop], photo.file.name, { type: crop.type })
}
