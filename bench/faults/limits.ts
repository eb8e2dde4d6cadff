import { spawn } from 'node:child_process'
import { binary } from '../kill/process.ts'

interface Limit {
  readonly script: string
  readonly code: number
  /** What stderr must say, whole. */
  readonly says: RegExp
}

const EVALUATE =
  '"$NODE" "$CLI" evaluate --problem plane.json --method characteristics --time 5 --points few.json --out o.json'
const UNPRIVILEGED = 'setpriv --reuid=65534 --clear-groups'

/** What a shell can do to a command. */
export const limits: Readonly<Record<string, Limit>> = {
  'stdout on a full disk': {
    script: `${EVALUATE} > /dev/full`,
    code: 1,
    says: /^The results could not be written to stdout \(ENOSPC\)\.\n$/,
  },
  'stderr on a full disk': { script: '"$NODE" "$CLI" evaluate 2> /dev/full', code: 2, says: /^$/ },
  'stderr without a reader': { script: '"$NODE" "$CLI" evaluate 2> >(exit 0)', code: 2, says: /^$/ },
  'stdout closed': { script: `${EVALUATE} >&-`, code: 0, says: /^$/ },
  'few open files': {
    script: `ulimit -n 22; ${EVALUATE}`,
    code: 1,
    says: /^The system allows too few open files .*\n$/,
  },
  'few addresses': {
    script: `ulimit -v 4000000; ${EVALUATE}`,
    code: 1,
    says: /^The system has no room of addresses .*\n$/,
  },
  'a removed folder': {
    script: `mkdir gone; cd gone; rmdir ../gone; ${EVALUATE}`,
    code: 2,
    says: /^The current folder was removed; .*\n$|^plane\.json does not exist; .*\n$/,
  },
  'a pipe': { script: EVALUATE.replace('plane.json', '<(cat plane.json)'), code: 0, says: /^$/ },
  'few threads': {
    script: `chmod 777 .; ${UNPRIVILEGED} bash -c 'ulimit -u 20; "$NODE" "$CLI" train --problem plane.json --loss pinn --time 5 --steps 5 --width 16 --layers 2 --batch 64 --threads 24 --out few'`,
    code: 0,
    says: /^The system allows \d+ of 24 threads; .*\n$/,
  },
}

/** Runs a command under a limit. @returns what is wrong, or null */
export async function limitTrial(
  { script, code: expected, says }: Limit,
  folder: string,
): Promise<string | null> {
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE: process.execPath, CLI: binary },
  })
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return code === expected && says.test(stderr) ? null : `code ${code}, ${JSON.stringify(stderr.slice(-300))}`
}
