import { InputError } from '../src/errors.ts'

type Bench = (args: string[]) => Promise<object>

/** Every bench by name; each parses its own options and returns one object. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  grid: async () => (await import('./grid.ts')).grid,
  'grid-peers': async () => (await import('./grid-peers.ts')).gridPeers,
  table: async () => (await import('./table.ts')).table,
  characteristics: async () => (await import('./characteristics.ts')).characteristics,
  accuracy: async () => (await import('./accuracy.ts')).accuracy,
  'characteristics-peers': async () => (await import('./characteristics-peers.ts')).characteristicsPeers,
  'training-step': async () => (await import('./training-step.ts')).trainingStep,
  'against-peers': async () => (await import('./against-peers.ts')).againstPeers,
  'random-problems': async () => (await import('./random-problems.ts')).randomProblems,
  diagnose: async () => (await import('./diagnose.ts')).diagnoses,
  certificates: async () => (await import('./certificates.ts')).certificates,
  'factor-analysers': async () => (await import('./factor-analysers.ts')).factorAnalysers,
  kill: async () => (await import('./kill.ts')).kill,
  faults: async () => (await import('./faults.ts')).faults,
}

const [name = '', ...args] = process.argv.slice(2)
try {
  if (!Object.hasOwn(benches, name)) throw new InputError('bench', name, Object.keys(benches).join(', '))
  const bench = await benches[name]()
  console.log(JSON.stringify(await bench(args.filter((arg) => arg !== '--json'))))
} catch (problem) {
  console.error(problem instanceof Error ? problem.message : problem)
  process.exitCode = problem instanceof InputError ? 2 : 1
}
