import { describe, expect, it } from 'vitest'
import { createProgram } from '../../cli/program.ts'
import { runCli } from '../cli/in-process.ts'

const io = { stdout() {}, stderr() {} }
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

  it('refuses an option that it does not have, in one line that names it', async () => {
    const { code, stdout, stderr } = await runCli([name, '--no-such-option'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('--no-such-option')
  })
})
