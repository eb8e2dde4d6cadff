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

  it('refuses an option that it does not have, in one line that names it', async () => {
    const { code, stdout, stderr } = await runCli([name, '--no-such-option'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('--no-such-option')
  })
})
