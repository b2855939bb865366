import { Activity, CircleHelp, type LucideIcon, ScanFace, Settings2, UserRoundPlus, UsersRound } from 'lucide-react'
import { type ComponentType, lazy } from 'react'
import type { Role } from '../session/stored-session.ts'

export interface Tab {
  /** First part of the address, and the key of its name in the texts. */
  readonly name: 'recognise' | 'enrol' | 'people' | 'monitor' | 'admin' | 'help'
  readonly icon: LucideIcon
  readonly Page: ComponentType
  /** Who may use it; anybody where absent. */
  readonly role?: Role
  /** Shown only to those who may use it. */
  readonly hidden?: boolean
}

/** Every page, each fetched when it is first opened. A page is the default export of its page.tsx. */
export const TABS: readonly Tab[] = [
  { name: 'recognise', icon: ScanFace, Page: lazy(() => import('../pages/recognise/page.tsx')) },
  { name: 'enrol', icon: UserRoundPlus, Page: lazy(() => import('../pages/enrol/page.tsx')), role: 'editor' },
  { name: 'people', icon: UsersRound, Page: lazy(() => import('../pages/people/page.tsx')) },
  { name: 'monitor', icon: Activity, Page: lazy(() => import('../pages/monitor/page.tsx')) },
  {
    name: 'admin',
    icon: Settings2,
    Page: lazy(() => import('../pages/admin/page.tsx')),
    role: 'admin',
    hidden: true,
  },
  { name: 'help', icon: CircleHelp, Page: lazy(() => import('../pages/help/page.tsx')) },
]
