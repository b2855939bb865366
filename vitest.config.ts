import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts'],
    globalSetup: ['test/models/data-of-the-run.ts', 'test/mariadb/server-of-the-run.ts'],
    pool: 'forks',
    // Loading everything anew for each file took a quarter of the CPU time.
    isolate: false,
    maxWorkers: 4,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
