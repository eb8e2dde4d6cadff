#!/usr/bin/env node
// loaded here, so that what the system refuses to load is told in a sentence
try {
  const { supervise } = await import('./supervise.ts')
  process.exitCode = await supervise(process.argv.slice(2))
} catch (error) {
  const { code = '', message } = error as NodeJS.ErrnoException
  const sentence = ['EMFILE', 'ENFILE'].includes(code)
    ? 'The system allows too few open files (`ulimit -n`); 64 are enough.'
    : `An unexpected failure: ${String(message).replace(/\s+/g, ' ')}.`
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}
