import { describe, expect, it } from 'vitest'
import { experimentCommands } from '../../cli/experiment-commands.ts'
import { createProgram } from '../../cli/program.ts'
import { runCli } from '../cli/in-process.ts'

const { commands } = createProgram({ stdout() {}, stderr() {} })

it('every experiment has a command, under a name of its own', () => {
  const names = commands.map((command) => command.name())
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(experimentCommands.length)
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

  it('refuses an option that it does not have, in one line that names it', async () => {
    const { code, stdout, stderr } = await runCli([name, '--no-such-option'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('--no-such-option')
  })
})
