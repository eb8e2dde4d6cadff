// Runs every experiment, one on every core at a time, and writes what each found into experiments/README.md and its figures to
// docs/figures. With --quick everything is small and only --out (default results/experiments) is written.
// Two runs give the same bytes but for measured times: scripts/same-experiments.js compares them.
//   node scripts/experiments.js [--quick] [--only NAME] [--out FOLDER]
import { spawn } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeBlock } from './write-block.js'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string', default: 'results/experiments' },
  },
})

const modes = ['--problem', 'problems/three-modes.json', '--time', '10']
const model = join(options.out, 'model')
const steps = options.quick ? '400' : '4000'
const LONGEST = ['high-dimensional', 'coupling', 'digits', 'metric']
/** Name, commands, and which of its figures the documents show, where they are of another folder with its name. */
const experiments = [
  {
    name: 'convergence',
    commands: [
      ['convergence', '--problem', 'problems/smooth-1d.json', '--time', '5', '--out', folder('convergence')],
    ],
    figures: ['convergence', 'work-precision', 'networks-training', 'networks-size'],
  },
  {
    name: 'coupling',
    commands: [
      ['coupling', '--out', folder('coupling')],
      [
        'coupling',
        '--problem',
        'problems/mixture-1d-t5.json',
        '--time',
        '5',
        '--out',
        folder('coupling-mixture-1d-t5'),
      ],
      ['coupling', ...modes, '--out', folder('coupling-three-modes')],
    ],
    figures: ['fixed-point-errors', 'fixed-point-maps', 'coupling-three-modes/fixed-point-maps'],
  },
  {
    name: 'metric',
    commands: [['metric', '--out', folder('metric')]],
    figures: ['metric-bias', 'continuous-variance'],
  },
  { name: 'pde', commands: [['pde', '--out', folder('pde')]], figures: ['pde-cpu-2'] },
  {
    name: 'sampling',
    commands: [['sampling', '--out', folder('sampling')]],
    figures: ['samplers', 'consistency-sampling'],
  },
  {
    name: 'few-steps',
    commands: [['few-steps', '--out', folder('few-steps')]],
    figures: ['few-steps', 'few-steps-times'],
  },
  {
    name: 'stochastic-flow',
    commands: [['stochastic-flow', '--out', folder('stochastic-flow')]],
    figures: ['stochastic-flow-steps'],
  },
  { name: 'marginals', commands: [['marginals', '--out', folder('marginals')]], figures: ['marginals-1'] },
  {
    name: 'high-dimensional',
    commands: [['high-dimensional', '--out', folder('high-dimensional')]],
    figures: ['error-against-dimension'],
  },
  {
    name: 'digits',
    commands: [
      ['digits', '--law', 'memorising', '--out', folder('digits')],
      ['digits', '--law', 'wide', '--side', '14', '--out', folder('digits-wide')],
      ['digits', '--law', 'factors', '--side', '14', '--out', folder('digits-factors')],
      ['digits', '--law', 'factors', '--side', '28', '--out', folder('digits-factors-28')],
    ],
    figures: ['digits', 'digits-factors/digits-worst'],
  },
  {
    name: 'certificate-study',
    commands: [
      ['train', ...modes, '--loss', 'pinn', '--steps', steps, '--out', model],
      ['certificate-study', '--model', model, '--problem', 'problems/three-modes.json'],
    ],
    figures: [],
  },
]

function folder(name) {
  return join(options.out, name)
}

const chosen = experiments.filter(({ name }) => options.only === undefined || options.only === name)
if (chosen.length === 0) {
  console.error(
    `--only must be one of ${experiments.map(({ name }) => name).join(', ')}, got ${options.only}.`,
  )
  process.exit(2)
}
await mkdir(options.out, { recursive: true })
// one thread each: two trainings side by side take less time than one after the other with two threads each
const waiting = [...chosen].sort((a, b) => order(a) - order(b))
let published = Promise.resolve()
// when one fails the others stop
const stop = new AbortController()
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await experiment(next)
  }),
).catch((error) => {
  stop.abort()
  console.error(error.message)
  process.exitCode = 1
})

/** The longest ones first, so that they do not stand alone at the end. */
function order({ name }) {
  const place = LONGEST.indexOf(name)
  return place < 0 ? LONGEST.length : place
}

async function experiment({ name, commands, figures }) {
  const start = performance.now()
  console.error(`${name} begins`)
  let text = ''
  for (const command of commands) {
    const shared = ['--seed', '0', '--threads', '1', ...(options.quick ? ['--quick'] : [])]
    const said = await run([...command, ...shared])
    if (command[0] !== name) continue
    text +=
      commands.filter(([first]) => first === name).length > 1 ? `${heading(command)}\n\n${said}\n` : said
  }
  const seconds = Math.round((performance.now() - start) / 1000)
  console.log(`=== ${name} (${seconds} s)\n${text}`)
  await writeFile(join(options.out, `${name}.txt`), text.replace(/^Written to .*\n/gm, ''))
  if (options.quick) return
  published = published.then(() => publish(name, figures, text))
  await published
}

/** Which of the runs of an experiment this one is. */
function heading(command) {
  const file = command.find((word) => word.startsWith('problems/'))
  const own = command.slice(1, command.indexOf('--out')).join(' ')
  return `On ${file ?? (own === '' ? 'the default problem' : `\`${own}\``)}:`
}

/** Standard output of a command. Several run at a time: what they say beside it is shown only if they fail. */
function run(command) {
  const child = spawn(process.execPath, ['dist/bundle/cli/main.js', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: stop.signal,
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (part) => {
    complaint += part
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${command[0]} ended with ${code}: ${complaint}`)),
    )
  })
}

function markdownTable(text) {
  const [head, ...rows] = text.split('\n').map((line) => line.trim().split(/ {2,}/))
  const row = (cells) => `| ${cells.join(' | ')} |`
  return [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows].map(row).join('\n')
}

async function publish(name, figures, text) {
  await mkdir('docs/figures', { recursive: true })
  const images = []
  for (const path of figures) {
    const [from, figure] = path.includes('/') ? path.split('/') : [name, path]
    const file = figure.startsWith(from) ? `${figure}.png` : `${from}-${figure}.png`
    await copyFile(join(folder(from), 'figures', `${figure}.png`), join('docs/figures', file))
    images.push(`![${figure.replaceAll('-', ' ')}](../docs/figures/${file})`)
  }
  const blocks = text
    .replace(/^Written to .*$/gm, '')
    .split(/\n{2,}/)
    .map((block) => block.replace(/^\n+|\n+$/g, ''))
    .filter((block) => block !== '')
  // a table has columns, two spaces apart; anything else is a paragraph
  const findings = blocks.flatMap((block) => [/\S {2,}\S/.test(block) ? markdownTable(block) : block, ''])
  const body = [...findings, ...images].join('\n').trimEnd()
  const [open, close] = [`<!-- found by ${name}: npm run experiments -->`, `<!-- end of ${name} -->`]
  writeBlock('experiments/README.md', open, close, body)
}
