import { join } from 'node:path'
import { createVitest } from 'vitest/node'

/** Runs test files of a copy of the project, whose folder is its argument, one after another as its parent asks. */
const [folder] = process.argv.slice(2)
process.chdir(folder)

export interface Answer {
  /** The first test that failed, with what it said; null where all passed. */
  readonly failed: string | null
}

const vitest = await createVitest('test', {
  root: folder,
  watch: false,
  maxWorkers: 1,
  runner: join(folder, 'bench', 'mutants', 'switching-runner.ts'),
  // with every mutant a test runs again
  testTimeout: 3_600_000,
  reporters: [{}],
  cache: false,
})
await vitest.standalone()

process.on('message', async (test: string) => {
  process.send?.({ failed: await failureOf(test) } satisfies Answer)
})
process.on('disconnect', () => process.exit())
process.send?.({ failed: null } satisfies Answer)

async function failureOf(test: string): Promise<string | null> {
  const file = vitest.getRootProject().createSpecification(join(folder, test))
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([file])
  for (const module of testModules) {
    for (const one of module.children.allTests('failed'))
      return `${one.fullName}: ${one.result().errors?.[0]?.message}`
    for (const error of module.errors()) return error.message
    if (!module.ok()) return 'a suite or a hook of it failed'
  }
  return unhandledErrors.length > 0 ? String(unhandledErrors[0]) : null
}
