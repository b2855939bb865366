import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { SessionAnswer } from '../../../src/http/wire/session.ts'
import { call } from '../api/call.ts'
import { forgetDrafts, keepDrafts } from './drafts.ts'
import { goToSignIn } from './sign-in-address.ts'
import {
  asRole,
  forgetSession,
  type Role,
  readSession,
  readToken,
  roleAllows,
  SessionEnded,
  type StoredSession,
  storeSession,
} from './stored-session.ts'

interface Session {
  readonly username: string
  readonly role: Role | null
  readonly may: (role: Role) => boolean
}

interface Door {
  /** Null where nobody is signed in. */
  readonly session: Session | null
  readonly signOut: () => Promise<void>
}

const DoorContext = createContext<Door | null>(null)

/**
 * Who is signed in. When the server stops knowing the session, unsaved work is kept and the page for signing in opens,
 * which comes back here.
 */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [stored, setStored] = useState<StoredSession | null>(readSession)

  useEffect(() => {
    const leave = async ({ code }: { code: string }) => {
      await keepDrafts(stored?.username ?? null)
      goToSignIn(code === 'token-missing' ? 'required' : 'expired')
    }
    const onEnd = (event: Event) => {
      if (event instanceof SessionEnded) void leave(event)
    }
    window.addEventListener(SessionEnded.type, onEnd)
    return () => window.removeEventListener(SessionEnded.type, onEnd)
  }, [stored])

  useEffect(() => {
    const token = readToken()
    if (token === null) return
    const refresh = async () => {
      const { username, role } = await call<SessionAnswer>('/auth/status')
      storeSession(token, username, role)
      setStored({ username, role: asRole(role) })
    }
    // Where the server can't be asked now, what was stored stays good until it can.
    refresh().catch(() => undefined)
  }, [])

  const signOut = useCallback(async () => {
    // The token is forgotten here even if the server can't be told.
    await call('/auth/logout', { method: 'POST' }).catch(() => undefined)
    forgetSession()
    await forgetDrafts()
    location.assign('/auth.html?reason=signed-out')
  }, [])

  const door = useMemo<Door>(() => {
    const session = stored === null ? null : { ...stored, may: (role: Role) => roleAllows(stored.role, role) }
    return { session, signOut }
  }, [stored, signOut])
  return <DoorContext value={door}>{children}</DoorContext>
}

export function useDoor(): Door {
  const door = useContext(DoorContext)
  if (door === null) throw new Error('there is no SessionProvider above')
  return door
}

/** Null where nobody is signed in. */
export function useSession(): Session | null {
  return useDoor().session
}
