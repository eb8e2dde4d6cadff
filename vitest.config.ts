import { defineConfig } from 'vitest/config'

/** Tests that change what other tests would find in the modules they share, or in the process: a worker of its own for each. */
const alone = [
  'test/{architecture,backend,cli,fuzz,parallel}/**/*.test.ts',
  'test/contracts/experiments.test.ts',
  'test/playground/page.test.ts',
]

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['test/support/fuzz-seed.ts'],
    pool: 'forks',
    // all cores: the default leaves one idle
    maxWorkers: '100%',
    projects: [
      // modules are loaded once a worker, which is a fifth of the time of most tests
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
})
