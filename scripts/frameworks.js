// Runs the Python package's tests and the examples in PyTorch and JAX, brings the networks of train_cd over in every way there is and measures each:
//   node scripts/frameworks.js [--seconds 60] [--samples 4096] [--steps 200] [--write]
// A framework whose packages are not there is skipped; PYTHON_TORCH and PYTHON_JAX name other interpreters than python3.
// The four networks of architectures.py are measured by ONNX, values and trajectories, beside DOP853. Fails if a test or an example does, or if two ways to bring over one network do not measure the same. --steps are those of the other examples.
// --write trains them as long as they do by themselves, and puts the tables into docs/your-own-network.md and examples/README.md.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeBlock } from './write-block.js'

// two ways may differ by so much: a map by rounding in float32, a certificate by the differences of derivatives too
const SAME_ERROR = 1e-4
const SAME_CERTIFICATE = 1e-3
// the same network by ONNX, and by values and trajectories that PyTorch computes; the error that DOP853 finds of other points
const SAME_VALUES = 1e-5
const MOST_DEVIATIONS = 3.5
const root = fileURLToPath(new URL('..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    samples: { type: 'string', default: '4096' },
    steps: { type: 'string', default: '200' },
    write: { type: 'boolean', default: false },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'frameworks-'))
const env = { ...process.env, PYTHONPATH: join(root, 'python'), PYTHONWARNINGS: 'ignore' }
const problem = ['--problem', join(root, 'examples/problem.json'), '--time', '10']
const size = ['--samples', options.samples, '--seed', '0']

const frameworks = [
  {
    name: 'PyTorch',
    python: process.env.PYTHON_TORCH ?? 'python3',
    packages: ['torch', 'numpy', 'safetensors', 'onnx'],
    script: join(root, 'examples/pytorch/train_cd.py'),
    more: join(root, 'examples/pytorch/write_onnx.py'),
    files: [
      ['safetensors', 'network.json'],
      ['ONNX with its dual graph', 'dual.json'],
      ['ONNX, derivatives by differences', 'onnx.json'],
    ],
    examples: ['mean_flow', 'integer_times', 'digits'],
    architectures: join(root, 'examples/pytorch/architectures.py'),
    measureFour: join(root, 'examples/pytorch/measure_four.py'),
    start: '0.002',
    tangents: false,
  },
  {
    name: 'JAX',
    python: process.env.PYTHON_JAX ?? 'python3',
    packages: ['jax', 'optax', 'numpy', 'safetensors'],
    script: join(root, 'examples/jax/train_cd.py'),
    files: [['safetensors', 'network.json']],
    examples: ['mean_flow'],
    start: '0',
    tangents: true,
  },
]

const lines = []
const examples = []
let wrong = 0
try {
  for (const framework of frameworks) {
    const { name, python, packages } = framework
    const found = spawnSync(python, [
      '-c',
      `import ${packages.join(', ')}; print(${packages[0]}.__version__)`,
    ])
    if (found.status !== 0) {
      console.log(`${name} is skipped: ${python} has not all of ${packages.join(', ')}.`)
      continue
    }
    wrong += tests(framework)
    examples.push(...framework.examples.map((example) => run(framework, example)))
    if (framework.architectures) wrong += await architectures(framework)
    const { rows, text } = measure(framework)
    lines.push(`${name} ${String(found.stdout).trim()}, ${text}:`, '', ...table(rows), '')
    wrong += differences(name, rows)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const head = ['| example | what it prints |', '|---|---|']
console.log([...head, ...examples, '', ...lines].join('\n'))
if (options.write && lines.length > 0) {
  publish('docs/your-own-network.md', lines)
  publish('examples/README.md', [...head, ...examples])
}
process.exitCode = wrong > 0 ? 1 : 0

/** Whether the tests of the Python package fail with this framework. */
function tests({ name, python }) {
  if (spawnSync(python, ['-c', 'import pytest']).status !== 0) {
    console.log(`${python} has no pytest: the tests of the Python package are not run with ${name}.`)
    return 0
  }
  const words = [
    '-m',
    'pytest',
    '-q',
    '-p',
    'no:cacheprovider',
    '-k',
    name === 'JAX' ? 'jax' : 'torch',
    'tests',
  ]
  const { status } = spawnSync(python, words, { cwd: join(root, 'python'), env, stdio: 'inherit' })
  return status === 0 ? 0 : 1
}

/**
 * How many of the four networks of architectures.py have another error by ONNX, by the values that PyTorch computes and by its trajectories, or than
 * DOP853 finds; with a row for them all.
 */
async function architectures({ name, python, architectures: script, measureFour }) {
  const { loadNetwork, measureError, parseProblem, solve } = await import(join(root, 'dist/src/index.js'))
  const out = join(folder, 'architectures')
  const start = performance.now()
  const given = options.write ? [] : ['--steps', options.steps]
  execFileSync(python, [script, '--out', out, ...given], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  let bad = 0
  const said = []
  for (const network of readdirSync(out)) {
    const [graph, file, p, w, values, flow] = [
      ...['network.json', 'problem.json', 'points.npy', 'weights.npy', 'values.npy', 'flow.safetensors'],
    ].map((one) => join(out, network, one))
    const reference = JSON.parse(readFileSync(join(out, network, 'reference.json'), 'utf8'))
    const { time } = reference
    const samples = network === 'digits' ? 40 : 400
    const problem = parseProblem(JSON.parse(readFileSync(file, 'utf8')))
    const { relativeError, standardError } = await measureError(
      await solve(problem, await loadNetwork(graph), { time }),
      ...[problem, { time, samples, seed: 1 }],
    )
    const sampling = ['--problem', file, '--time', String(time), '--samples', String(samples)]
    const fixed = [...sampling, '--seed', '1', '--intervals', '8']
    cli('points', ...fixed, '--out', p, '--weights', w)
    execFileSync(python, [script, '--out', out, '--only', network, '--points', p, '--weights', w], { env })
    const byValues = json('score', ...fixed, '--values', values, '--points', p).trueError.value
    const { error, spread } = json('score', '--trajectories', flow)
    const byTrajectories = (error.value * spread) / Math.sqrt(problem.density.moments.trace)
    const apart = Math.abs(reference.error - relativeError)
    const deviations = apart / Math.hypot(reference.standardError, standardError)
    for (const [way, value] of Object.entries({ values: byValues, trajectories: byTrajectories }))
      if (!(Math.abs(value / relativeError - 1) < SAME_VALUES)) {
        bad++
        console.log(`${network}: ${value} by the ${way} of PyTorch, ${relativeError} by ONNX`)
      }
    if (!(deviations < MOST_DEVIATIONS)) {
      bad++
      console.log(`${network}: ${relativeError} here, ${reference.error} by DOP853`)
    }
    const short = (value) => value.toPrecision(3)
    said.push(
      `${network}: ${short(relativeError)} ± ${short(standardError)}; DOP853 ${short(reference.error)} ± ${short(reference.standardError)}`,
    )
  }
  const measured = spawnSync(python, [measureFour, '--out', out], { encoding: 'utf8', env })
  if (measured.status !== 0) {
    bad++
    console.log(`measure_four.py: ${measured.stderr}`)
  }
  examples.push(`| ${name}, measure_four.py | ${measured.stdout.trim().split('\n').join('<br>')} |`)
  const seconds = Math.round((performance.now() - start) / 1000)
  examples.push(
    `| ${name}, architectures.py | ${said.join('<br>')} | one error by ONNX, values and trajectories; ${seconds} s in all |`,
  )
  return bad
}

/** The row of an example in the table: what it prints, but for the path of its page. */
function run({ name, python, script }, example) {
  const file = join(dirname(script), `${example}.py`)
  const given = options.write ? [] : ['--steps', options.steps]
  const page = join(folder, `${name}-${example}`)
  const said = execFileSync(python, [file, ...given, '--report', page], { encoding: 'utf8', env })
    .trim()
    .split('\n')
  if (!existsSync(join(page, 'report.html'))) throw new Error(`${file} wrote no page`)
  return `| ${[`${name}, ${example}.py`, ...given].join(' ')} | ${said.slice(0, -1).join('<br>')} |`
}

function measure({ name, python, script, more, files, start, tangents }) {
  const network = join(folder, name)
  const say = execFileSync(python, [script, '--out', network, '--seconds', options.seconds], {
    encoding: 'utf8',
  }).trim()
  console.error(`${name}: ${say}`)
  if (more) execFileSync(python, [more, '--out', network], { env })
  const rows = files.map(([way, file]) => ({
    way,
    ...json('certify', '--model', join(network, file), ...problem, ...size),
  }))
  const [points, directions] = ['points.npy', 'directions.npy'].map((file) => join(network, file))
  const again = tangents ? ['--directions', directions] : []
  cli('points', ...problem, ...size, '--start', start, '--out', points, ...again)
  execFileSync(python, [script, '--out', network, '--points', points, ...again])
  const given = tangents ? ['--tangents', join(network, 'tangents.npy')] : []
  const value = ['--values', join(network, 'values.npy'), '--points', points]
  rows.push({
    way: tangents ? 'values and tangents at points' : 'values at points',
    ...json('score', ...problem, ...size, '--start', start, ...value, ...given),
  })
  return { rows, text: `${say} in ${options.seconds} s` }
}

function cli(...parts) {
  return execFileSync(process.execPath, [join(root, 'dist/bundle/cli/main.js'), ...parts], {
    encoding: 'utf8',
  })
}

function json(...parts) {
  return JSON.parse(cli(...parts, '--json'))
}

function table(rows) {
  const number = (value) => (value === null ? '–' : value.toPrecision(6))
  return [
    '| way | relative error | certificate | error of derivatives |',
    '|---|---|---|---|',
    ...rows.map(
      ({ way, trueError, estimate, derivativeError }) =>
        `| ${way} | ${number(trueError.value)} | ${number(estimate)} | ${derivativeError === null ? 'exact' : derivativeError.toPrecision(2)} |`,
    ),
  ]
}

/** How many ways do not measure what the first does. */
function differences(name, rows) {
  const [first] = rows
  const bad = rows.filter(({ trueError, estimate, derivativeError }) => {
    const error = Math.abs(trueError.value / first.trueError.value - 1)
    const certificate = Math.abs(estimate - first.estimate)
    const allowed = SAME_CERTIFICATE * first.estimate + (derivativeError ?? 0)
    return !(error < SAME_ERROR && certificate < allowed)
  })
  for (const { way } of bad) console.log(`${name}: ${way} does not measure what ${first.way} does`)
  return bad.length
}

function publish(name, lines) {
  const [open, close] = ['<!-- table: npm run frameworks -- --write -->', '<!-- end of table -->']
  writeBlock(join(root, name), open, close, lines.join('\n').trim())
}
