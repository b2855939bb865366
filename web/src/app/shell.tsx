import { VisuallyHidden } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../language/language.tsx'
import { hrefOf, useRoute } from '../routing/route.ts'
import { useSession } from '../session/session.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Brand } from './brand.tsx'
import { Preferences } from './preferences.tsx'
import classes from './shell.module.css'
import { TABS } from './tabs.ts'

/** What stands around every page: the name, the tabs, language and colours, the account. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const text = useText()
  const session = useSession()
  const current = useRoute().path[0] ?? 'recognise'
  const main = useFocusOnChange(current)
  const tabs = TABS.filter(({ role, hidden }) => hidden !== true || (role !== undefined && session?.may(role)))
  return (
    <div className={classes.shell}>
      {/* Not a link: the part of the address after # says which page this is. */}
      <button type="button" className={classes.skip} onClick={() => main.current?.focus()}>
        {text.app.skipToContent}
      </button>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Brand />
          <nav className={classes.tabs} aria-label={text.app.tabs}>
            {tabs.map(({ name, icon: Icon }) => (
              <a
                key={name}
                className={classes.tab}
                href={hrefOf([name])}
                aria-current={name === current ? 'page' : undefined}
              >
                <Icon size={18} strokeWidth={1.8} aria-hidden />
                <span className={classes.long}>{text.tabs[name]}</span>
                <span className={classes.short} aria-hidden>
                  {text.tabsShort[name]}
                </span>
              </a>
            ))}
          </nav>
          <div className={classes.corner}>
            <Preferences />
            <AccountMenu />
          </div>
        </div>
      </header>
      <main ref={main} id="main" className={classes.main} tabIndex={-1}>
        {children}
      </main>
      <VisuallyHidden aria-live="polite" id="announcements" />
    </div>
  )
}

/** A screen reader should hear the new page when the tab changes, but not when the first one appears. */
function useFocusOnChange(current: string) {
  const main = useRef<HTMLElement>(null)
  const before = useRef(current)
  useEffect(() => {
    if (before.current === current) return
    before.current = current
    main.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [current])
  return main
}
