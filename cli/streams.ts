import { WARNING } from '../src/warning.ts'

type Stream = NodeJS.WriteStream

/** Writes, where there is still somebody who takes it. */
export function say(stream: Stream, text: string): void {
  if (stream.writable) stream.write(text)
}

/**
 * What happens when nobody takes what is said. A reader of the results that has seen enough, such as `head`, is no failure; a
 * disk that is full is one. Where the errors go to does not change what they are.
 */
export function guardStreams(): void {
  process.stdout.on('error', ({ code = 'an error' }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0)
    say(process.stderr, `The results could not be written to stdout (${code}).\n`)
    process.exit(1)
  })
  process.stderr.on('error', () => {})
}

/** Our own warnings as sentences, others as Node prints them. */
export function sayWarnings(write: (text: string) => void): void {
  const [print] = process.listeners('warning')
  process.removeAllListeners('warning').on('warning', (warning) => {
    if (warning.name === WARNING) write(`${warning.message}\n`)
    else print?.(warning)
  })
}
