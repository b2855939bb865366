import { defineConfig } from 'vitest/config'

/** npm run screenshots: pictures of every page to look at, in a folder outside the project. */
export default defineConfig({
  test: {
    include: ['test/e2e/screenshots.ts'],
    globalSetup: 'test/models/data-of-the-run.ts',
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
})
