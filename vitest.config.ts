import { defineConfig } from 'vitest/config'

/** Folders whose tests leave nothing behind in the modules they load: these are loaded once a worker, which is most of their time. */
const pure = [
  ...[
    'certificate',
    'characteristics',
    'exact',
    'expression',
    'figures',
    'fixed-points',
    'fokker-planck',
    'grid',
  ],
  ...['kernels', 'metrics', 'numeric', 'points', 'problem', 'random', 'sampling', 'sde', 'studies'],
].map((folder) => `test/${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['test/support/fuzz-seed.ts'],
    pool: 'forks',
    // all cores: the default leaves one idle
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: pure } },
    ],
  },
})
