import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { EnrolledElsewhere } from '../../api/enrolment.ts'
import type { Person } from '../../api/person.ts'
import { type EnrolmentWish, enrolPhotos, type PhotoOutcome } from '../../enrolment/enrol-photos.ts'
import { type CheckedPhoto, photoToSend } from './use-photo-checks.ts'

export interface Conflict {
  /** As it was sent: of several faces the chosen one. */
  readonly photo: Blob
  readonly known: EnrolledElsewhere
}

export interface EnrolmentRun {
  /** How each photo that was sent has ended, by its id. */
  readonly outcomes: ReadonlyMap<number, PhotoOutcome | 'sending'>
  readonly busy: boolean
  /** Whom the photos went to, when all were sent. */
  readonly person: Person | null
  /** The first face is somebody else's: nothing was stored, and one has to choose. */
  readonly conflict: Conflict | null
  readonly error: unknown
  readonly start: (photos: readonly CheckedPhoto[], wish: EnrolmentWish) => Promise<void>
  readonly forget: () => void
}

interface State {
  readonly outcomes: ReadonlyMap<number, PhotoOutcome | 'sending'>
  readonly busy: boolean
  readonly person: Person | null
  readonly conflict: Conflict | null
  readonly error: unknown
}

const NOT_BEGUN: State = { outcomes: new Map(), busy: false, person: null, conflict: null, error: null }

/** Sends photos of one person, and says how each of them ended. */
export function useEnrolment(): EnrolmentRun {
  const queries = useQueryClient()
  const [state, setState] = useState<State>(NOT_BEGUN)
  const aborter = useRef<AbortController | null>(null)
  useEffect(() => () => aborter.current?.abort(), [])

  const start = async (photos: readonly CheckedPhoto[], wish: EnrolmentWish) => {
    aborter.current?.abort()
    const mine = new AbortController()
    const { signal } = mine
    aborter.current = mine
    const outcomes = new Map<number, PhotoOutcome | 'sending'>()
    let stored = 0
    let sent: Blob | null = null
    let conflict: Conflict | null = null
    setState({ ...NOT_BEGUN, busy: true })
    const onPhoto = (index: number, outcome: PhotoOutcome | 'sending') => {
      const photo = photos[index]
      if (photo === undefined) return true
      outcomes.set(photo.id, outcome)
      setState((before) => ({ ...before, outcomes: new Map(outcomes) }))
      if (outcome === 'sending') return true
      if (outcome.kind === 'added') stored += 1
      if (outcome.kind !== 'elsewhere' || stored > 0) return true
      conflict = { photo: sent ?? photo.file, known: outcome.known }
      return false
    }
    try {
      const toSend = photos.map((photo) => ({
        read: async () => {
          sent = await photoToSend(photo)
          return sent
        },
      }))
      const person = await enrolPhotos(toSend, wish, signal, onPhoto)
      setState((before) => ({ ...before, busy: false, person, conflict }))
    } catch (error) {
      if (!signal.aborted) setState((before) => ({ ...before, busy: false, error }))
    }
    await queries.invalidateQueries({ queryKey: ['people'] })
    await queries.invalidateQueries({ queryKey: ['person'] })
  }
  return { ...state, start, forget: () => setState(NOT_BEGUN) }
}
