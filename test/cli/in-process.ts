import { run } from '../../cli/program.ts'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line in this process and collects what it says. */
export async function runCli(args: readonly string[], signal?: AbortSignal): Promise<Outcome> {
  const said = { stdout: '', stderr: '' }
  const code = await run(args, {
    stdout: (text) => {
      said.stdout += text
    },
    stderr: (text) => {
      said.stderr += text
    },
    ...(signal && { signal }),
  })
  return { code, ...said }
}
