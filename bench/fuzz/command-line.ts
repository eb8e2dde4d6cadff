import type { Command } from 'commander'
import { createProgram, exitCodes, run } from '../../cli/program.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import type { Random } from '../../src/random/random.ts'
import { NUMBERS, pick, TEXTS } from './mutate.ts'

// Lists of options as a file, so that they are spoiled and shown as the files of other parsers are.

/** Commands that do nothing without a file, of which none is ever there: these are run, of the others only the options are read. */
const NEED_FILES = new Set(
  'certificate-study certify collect compare convergence evaluate points sample score sweep train'.split(' '),
)
const NOWHERE = '/nowhere/none'
const VALUES = [
  ...NUMBERS,
  ...TEXTS,
  ...'exact grid pinn ct l2 dopri5 weno5 heun karras soap a,b "a , 3 64'.split(' '),
  ...['.json', '.csv', '.npy', ''].map((end) => `${NOWHERE}${end}`),
  ...'/dev/zero /dev/null / . - --'.split(' '),
]

const encode = (args: readonly string[]) => new TextEncoder().encode(JSON.stringify(args))
const decode = (bytes: Uint8Array): string[] => JSON.parse(new TextDecoder().decode(bytes))

const silent = { stdout: () => {}, stderr: () => {} }
const { commands } = await createProgram(silent)
const flagsOf = (command: Command) => [
  ...[...command.options, ...(command.parent?.options ?? [])].map(({ long }) => long ?? '--help'),
  '--help',
]
const allFlags = Array.from(new Set(commands.flatMap(flagsOf)))

/** Every command with each of its options once, where files are needed with one that is not there. */
export const optionLists: readonly Uint8Array[] = commands.map((command) =>
  encode([
    command.name(),
    ...command.options.flatMap(({ long, flags }) => {
      if (!/[<[]/.test(flags)) return [long ?? '']
      return [long ?? '', /file|folder|path/.test(flags) ? `${NOWHERE}.json` : '1']
    }),
  ]),
)

/** Takes options out, puts others in, changes values, flags and the command. */
export function mutateOptions(valid: Uint8Array, random: Random): Uint8Array {
  let args = decode(valid).filter((_, k) => k === 0 || random.uniform() < 0.7)
  const count = 1 + random.integer(6)
  for (let k = 0; k < count; k++) args = changed(args, random)
  return encode(args)
}

function changed(args: readonly string[], random: Random): string[] {
  const at = random.integer(args.length + 1)
  const [before, after] = [args.slice(0, at), args.slice(at)]
  const own = commands.find((command) => command.name() === args[0])
  const flag = pick(random, own && random.uniform() < 0.8 ? flagsOf(own) : allFlags)
  const value = pick(random, VALUES)
  const choice = random.uniform()
  if (choice < 0.35) return [...before, flag, value, ...after]
  if (choice < 0.45) return [...before, `${flag}=${value}`, ...after]
  if (choice < 0.55) return [...before, flag, ...after]
  if (choice < 0.65) return [...before, value, ...after]
  if (choice < 0.75) return [...before, ...after.slice(1)]
  if (choice < 0.95) return [...before, value, ...after.slice(1)]
  if (choice < 0.97) return [pick(random, commands).name(), ...args.slice(1)]
  const letter = String.fromCharCode(random.integer(0x2000))
  return [...before, `${flag}${letter}`, `-${letter}`, ...after]
}

/**
 * Reads a list of options as the command line does.
 *
 * @throws InputError for what it refuses in one sentence; any other error is a fault
 */
export async function parseOptions(bytes: Uint8Array): Promise<void> {
  const said = { stdout: '', stderr: '' }
  const io = {
    stdout: (text: string) => {
      said.stdout += text
    },
    stderr: (text: string) => {
      said.stderr += text
    },
  }
  const program = await createProgram(io)
  for (const command of program.commands) if (!NEED_FILES.has(command.name())) command.action(() => {})
  const code = await run(decode(bytes), io, program)
  const sentence = /^[^\n]+\.\n$/.test(said.stderr) && said.stdout === ''
  if (code === exitCodes.badInput && sentence) throw new BadInput('options', said.stderr.trim(), 'others')
  if (code !== exitCodes.done || said.stderr !== '')
    throw new Error(`exit code ${code}, ${JSON.stringify(said).slice(0, 300)}`)
}
