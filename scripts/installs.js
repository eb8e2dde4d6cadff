// Installs the packed package in empty folders and uses it there: by import, at the command line and in a short training.
//   node scripts/installs.js [--node 20,22,24]
// once with the optional parts and once without, on the Node that runs this script, or on each of the versions named
// (from the npm package "node").
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const WORST_ERROR = 1e-6
const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { node: { type: 'string' } } })
const folder = mkdtempSync(join(tmpdir(), 'installs-'))
// npm itself runs on the Node of this script
const npm = (cwd, ...parts) => execFileSync('npm', parts, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
const quiet = ['--no-audit', '--no-fund', '--loglevel=error']

const program = `
import { readFileSync, writeFileSync } from 'node:fs'
import { createProblem, exact, pointsFromRows, solve } from 'consistency-pde'
const problem = createProblem({ process: { kind: 've' }, data: { kind: 'gaussian', mean: [1], covariance: [[1]] } })
const f = await solve(problem, exact(), { time: 10 })
const value = f.evaluate(10, pointsFromRows([[1]])).get(0, 0)
if (value !== 1) throw new Error('wrong value ' + value)
writeFileSync('points.json', JSON.stringify(JSON.parse(readFileSync('problem.json', 'utf8')).points))
`

let failed = 0
let done = 0
try {
  npm(root, 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder)
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  )
  for (const node of versions()) {
    for (const omit of [[], ['--omit=optional']]) {
      const name = `${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}${omit.length > 0 ? ' without optional parts' : ''}`
      const place = mkdtempSync(join(folder, 'package-'))
      writeFileSync(join(place, 'package.json'), '{"private": true, "type": "module"}\n')
      npm(place, 'install', ...quiet, ...omit, tarball)
      const message = use(node, place)
      console.log(`Node ${name}: ${message ?? 'ok'}`)
      done++
      if (message !== null) failed++
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${done - failed} of ${done} installations work`)
process.exitCode = failed > 0 || done === 0 ? 1 : 0

/** The executables of the Node versions asked for. */
function versions() {
  if (values.node === undefined) return [process.execPath]
  return values.node.split(',').map((version) => {
    const place = join(folder, `node-${version}`)
    mkdirSync(place)
    writeFileSync(join(place, 'package.json'), '{"private": true}\n')
    npm(place, 'install', ...quiet, `node@${version}`)
    return join(place, 'node_modules/.bin/node')
  })
}

/** Uses the package in the folder. @returns what went wrong, or null */
function use(node, place) {
  copyFileSync(join(root, 'test/fixtures/reference/mixture-2d-t10.json'), join(place, 'problem.json'))
  writeFileSync(join(place, 'program.mjs'), program)
  const cli = join('node_modules', 'consistency-pde', 'dist/bundle/cli/main.js')
  const problem = ['--problem', 'problem.json', '--time', '10']
  const runs = [
    ['program.mjs'],
    [
      cli,
      'evaluate',
      ...problem,
      '--method',
      'characteristics',
      '--points',
      'points.json',
      '--out',
      'f.json',
    ],
    [cli, 'evaluate', ...problem, '--method', 'grid', '--points', 'points.json', '--out', 'g.json'],
    [cli, 'train', ...problem, '--loss', 'cd', '--steps', '20', '--threads', '2', '--out', 'model'],
    [cli, 'certify', ...problem, '--model', 'model', '--samples', '256'],
  ]
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) }
  for (const parts of runs) {
    const { status, stderr } = spawnSync(node, parts, { cwd: place, env, encoding: 'utf8' })
    if (status !== 0) return `${parts.join(' ')} failed\n${stderr.slice(-2000)}`
  }
  const { f } = JSON.parse(readFileSync(join(place, 'problem.json'), 'utf8'))
  const rows = JSON.parse(readFileSync(join(place, 'f.json'), 'utf8'))
  const worst = Math.max(...f.flatMap((row, i) => row.map((value, j) => Math.abs(value - rows[i]?.[j]))))
  return worst < WORST_ERROR ? null : `worst error ${worst}`
}
