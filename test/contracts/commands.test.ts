import type { Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { type CommandName, createProgram } from '../../cli/program.ts'
import { runCli } from '../cli/in-process.ts'

const io = { stdout() {}, stderr() {} }
/** The option that each asks for first where none is given. A new command has a line here. */
const required = {
  evaluate: '--problem',
  train: '--problem',
  certify: '--model',
  points: '--problem',
  score: '--problem',
  diagnose: '--problem',
  compare: '--out',
  fit: '--data',
  sample: '--problem',
  convergence: '--problem',
  coupling: '--out',
  'certificate-study': '--model',
  'high-dimensional': '--out',
  marginals: '--out',
  'stochastic-flow': '--out',
  sampling: '--out',
  pde: '--out',
  metric: '--out',
  digits: '--out',
  'few-steps': '--out',
  league: '--out',
  sweep: '--sweep',
  collect: '--sweep',
} satisfies Record<CommandName, `--${string}`>

/** What some options need beside them, with what every command asks for. */
const beside: Partial<Record<CommandName, Readonly<Record<string, string>>>> = {
  evaluate: {
    '--tableau': '--method characteristics',
    '--solver': '--method characteristics',
    '--rtol': '--method characteristics',
    '--atol': '--method characteristics',
    '--coordinates': '--method characteristics',
    '--scheme': '--method grid',
    '--nodes': '--method grid',
    '--mesh': '--method grid',
    '--tolerance': '--method grid',
    '--save': '--method grid',
    '--table': '--method table',
    '--model': '--method model',
  },
  train: {
    '--cd-solver': '--loss cd',
    '--intervals': '--loss ct',
    '--target-decay': '--target ema',
    '--metric-scale': '--metric tangent',
    '--metric-power': '--metric adaptive',
  },
  score: { '--grid-values': '--report /dev/null/page' },
  compare: {
    '--columns': '--data /dev/null/no.csv',
    '--density': '--data /dev/null/no.csv',
    '--rows': '--data /dev/null/no.csv',
    '--components': '--data /dev/null/no.csv --density mixture',
    '--factors': '--data /dev/null/no.csv --density mixture',
  },
  marginals: { '--time': '--problem /dev/null/no.json', '--problem': '--time 8' },
}
/** Options in place of others that their command asks for otherwise. */
const inPlaceOf: Partial<Record<CommandName, Readonly<Record<string, readonly string[]>>>> = {
  score: { '--trajectories': ['--problem', '--time', '--values'] },
  compare: { '--problem': ['--data'] },
}

/** A value that an option takes, if it takes one. No file has this name, and no folder can be made there: nothing begins. */
function argumentOf({ flags, description, parseArg }: Option): string[] {
  if (!flags.includes('<')) return []
  const choice = description.split(': ').at(-1)?.split(', ')[0] ?? ''
  const taken = ['/dev/null/no.json', '8', choice].find((text) => {
    try {
      parseArg?.(text, undefined as never)
      return true
    } catch {
      return false
    }
  })
  return [taken as string]
}

/** What a command has to be given before it begins. */
async function neededBy(name: string, options: readonly Option[]): Promise<string[]> {
  const args: string[] = []
  for (;;) {
    const { stderr } = await runCli([name, ...args], stopped)
    const missing = /^(--[\w-]+) is missing/.exec(stderr)?.[1]
    const option = options.find(({ long }) => long === missing)
    if (!option) return args
    args.push(String(missing), ...argumentOf(option))
  }
}

// no command begins its work, should it find all that it needs
const stopped = AbortSignal.abort(new DOMException('stopped', 'AbortError'))

const { commands } = await createProgram(io)

it('every command has a name of its own and is described without being loaded', async () => {
  const names = commands.map((command) => command.name())
  expect(new Set(names).size).toBe(names.length)
  const { commands: unloaded } = await createProgram(io, [])
  expect(unloaded.map((command) => [command.name(), command.description()])).toEqual(
    commands.map((command) => [command.name(), command.description()]),
  )
  expect(unloaded.flatMap(({ options }) => options)).toEqual([])
})

it.each([
  ['help', 'evaluate'],
  ['--seed', '3', 'evaluate', '--help'],
])('%s %s … shows the options of the command that is named', async (...args) => {
  const { code, stdout } = await runCli(args)
  expect(code).toBe(0)
  expect(stdout).toContain('--tableau')
})

describe.each(commands.map((command) => [command.name(), command] as const))('%s', (name, command) => {
  it('says in help what it does and what each option is', async () => {
    const { code, stdout, stderr } = await runCli([name, '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`consistency-pde ${name}`)
    expect(command.description().length).toBeGreaterThan(20)
    for (const { long, description } of command.options) {
      expect(stdout).toContain(String(long))
      expect(description.length, String(long)).toBeGreaterThan(5)
    }
  })

  it('asks for what it needs before any work, in one line', async () => {
    const { code, stdout, stderr } = await runCli([name])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(`${required[name as CommandName]} is missing; expected it to be given.\n`)
  })

  // after a wanted change: vitest run test/contracts/commands.test.ts -u, and look at what differs
  it('has the options, ranges and defaults that it had', async () => {
    const lines = command.options.map(({ flags, description, defaultValue, mandatory, parseArg }) => {
      const refusals = ['no value', '-7e77', '7e77'].map((text) => {
        try {
          parseArg?.(text, undefined as never)
          return null
        } catch (error) {
          return (error as Error).message
        }
      })
      return `${flags}: ${JSON.stringify({ description, defaultValue, mandatory, refusals })}\n`
    })
    await expect(lines.join('')).toMatchFileSnapshot(`golden/options/${name}.txt`)
  })

  it('takes every option that its help lists', async () => {
    const needed = await neededBy(name, command.options)
    for (const option of command.options) {
      const long = String(option.long)
      const replaced = inPlaceOf[name as CommandName]?.[long] ?? []
      const own = needed.filter((_, i) => !replaced.includes(needed[i - (i % 2)]))
      const others = beside[name as CommandName]?.[long]?.split(' ') ?? []
      const { stderr } = await runCli([name, ...own, ...others, long, ...argumentOf(option)], stopped)
      expect(stderr).not.toMatch(new RegExp(`^${long} (is given|does not belong|is missing)`))
    }
  })

  it('refuses an option that it does not have, in one line that names it', async () => {
    const { code, stdout, stderr } = await runCli([name, '--no-such-option'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('--no-such-option')
  })
})
