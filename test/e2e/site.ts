import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { Role } from '../../src/domain/account.ts'
import { type ServerUnderTest, startServer, type Wish } from '../http/server-under-test.ts'

const PAGES = fileURLToPath(new URL('../../dist/web', import.meta.url))

/** The real server with the built pages. */
export async function startSite(wish: Wish = {}): Promise<ServerUnderTest> {
  if (!existsSync(PAGES)) throw new Error('The pages are not built: npm run build:web')
  return await startServer({ ...wish, options: { ...wish.options, pages: PAGES } })
}

/** Signs in as an account of the role, without the page for it: that one has tests of its own. */
export async function signIn(page: Page, server: ServerUnderTest, role: Role): Promise<string> {
  const token = await server.tokenOf(role)
  await page.goto('/auth.html')
  await page.evaluate(
    `sessionStorage.setItem('authToken', ${JSON.stringify(token)});` +
      `sessionStorage.setItem('username', 'the-${role}');` +
      `sessionStorage.setItem('isLoggedIn', 'true');`,
  )
  return token
}
