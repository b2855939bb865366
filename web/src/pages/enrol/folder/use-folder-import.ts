import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import type { FolderPerson } from './group-files.ts'
import { importPerson } from './import-person.ts'
import { type ImportRow, newRow } from './import-row.ts'

/** People worked on at one time: while the server works on one photo the next is on its way. */
const LANES = 2

export type Phase = 'ready' | 'running' | 'paused' | 'finished'

export interface FolderImportRun {
  readonly rows: readonly ImportRow[]
  readonly phase: Phase
  /** What stopped everything. */
  readonly error: unknown
  /** When the part that runs now was started (ms), and how many photos were done then. */
  readonly since: { readonly at: number; readonly done: number } | null
  readonly load: (people: readonly FolderPerson[]) => void
  readonly start: (done: number) => void
  readonly pause: () => void
  /** Changes a row and lets it have its turn again. */
  readonly retry: (id: number, change: Partial<ImportRow>) => void
  readonly skip: (id: number) => void
}

type Change =
  | { readonly kind: 'load'; readonly people: readonly FolderPerson[] }
  | { readonly kind: 'set'; readonly id: number; readonly to: Partial<ImportRow> }

/** Enrols everybody of a folder, a few at a time; it can be paused at any photo and resumed there. */
export function useFolderImport(): FolderImportRun {
  const queries = useQueryClient()
  const [rows, change] = useReducer(changed, [])
  const [wanted, setWanted] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [since, setSince] = useState<FolderImportRun['since']>(null)
  const aborter = useRef(new AbortController())
  const busy = rows.some(({ state }) => state === 'running')
  const waiting = rows.some(({ state }) => state === 'waiting')

  useEffect(() => () => aborter.current.abort(), [])

  useEffect(() => {
    if (!wanted) return
    const running = rows.filter(({ state }) => state === 'running').length
    const { signal } = aborter.current
    for (const row of rows.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, LANES - running))) {
      const set = (to: Partial<ImportRow>) => change({ kind: 'set', id: row.id, to })
      set({ state: 'running', error: null })
      importPerson(row, signal, set).catch((cause: unknown) => {
        setError(cause)
        setWanted(false)
      })
    }
  }, [rows, wanted])

  useEffect(() => {
    if (!busy) void queries.invalidateQueries({ queryKey: ['people'] })
  }, [busy, queries])

  const load = useCallback((people: readonly FolderPerson[]) => {
    setWanted(false)
    setError(null)
    change({ kind: 'load', people })
  }, [])
  const start = useCallback((done: number) => {
    aborter.current = new AbortController()
    setError(null)
    setSince({ at: Date.now(), done })
    setWanted(true)
  }, [])
  const pause = useCallback(() => {
    setWanted(false)
    aborter.current.abort()
  }, [])
  const retry = useCallback((id: number, to: Partial<ImportRow>) => {
    change({ kind: 'set', id, to: { ...to, state: 'waiting', error: null } })
    if (aborter.current.signal.aborted) aborter.current = new AbortController()
    setWanted(true)
  }, [])
  const skip = useCallback((id: number) => change({ kind: 'set', id, to: { state: 'skipped' } }), [])

  const begun = rows.some(({ state, outcomes }) => state !== 'waiting' || outcomes.some((outcome) => outcome !== null))
  const phase = wanted && (waiting || busy) ? 'running' : !waiting ? 'finished' : begun ? 'paused' : 'ready'
  return { rows, phase, error, since, load, start, pause, retry, skip }
}

function changed(rows: readonly ImportRow[], change: Change): readonly ImportRow[] {
  if (change.kind === 'load') return change.people.map(newRow)
  return rows.map((row) => (row.id === change.id ? { ...row, ...change.to } : row))
}
