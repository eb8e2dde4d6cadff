import type { Command } from 'commander'

/** Change no number. */
const LEFT_OUT = new Set(['--out', '--report', '--threads', '--json'])

/** The command line that a command was given, to be typed again, but for the options that change no number. */
export function commandInWords(command: Command): string {
  let root = command
  while (root.parent) root = root.parent
  // what parse was given: an old property of commander that its types leave out
  const { rawArgs } = root as Command & { readonly rawArgs: readonly string[] }
  const words: string[] = []
  for (let i = 0; i < rawArgs.length; i++) {
    const [name, value] = rawArgs[i].split('=', 2)
    if (!LEFT_OUT.has(name)) words.push(quoted(rawArgs[i]))
    else if (name !== '--json' && value === undefined) i++
  }
  return ['consistency-pde', ...words].join(' ')
}

function quoted(text: string): string {
  return /^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
