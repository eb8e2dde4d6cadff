// Writes the table of README.md from results/results.json, and draws the figure that it shows.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { figurePng } from '../dist/src/figures/index.js'

const { methods, time, seed } = JSON.parse(await readFile('results/results.json', 'utf8'))
const short = (value) =>
  value === null
    ? '–'
    : value >= 1e-3 && value < 1e5
      ? String(Number(value.toPrecision(2)))
      : value.toExponential(1)
const row = (cells) => `| ${cells.join(' | ')} |`
const lines = [
  `Beak length and depth of 342 penguins, standardised; kernel density by Silverman's rule; VE process, T = ${time}, seed ${seed}.`,
  '',
  row(['method', 'relative error', 'median', 'without worst', 'certificate', 'W₂', 'score evaluations']),
  row(['---', '---', '---', '---', '---', '---', '---']),
  ...methods.map((m) =>
    row([
      `\`${m.method}\`${m.method === 'gaussian' ? ' (baseline)' : ''}`,
      `${short(m.relativeError)} ± ${short(m.standardError)}`,
      short(m.medianError),
      short(m.trimmedError),
      m.certificateReason ? 'no bound' : short(m.certificate),
      short(m.wasserstein2),
      m.functionEvaluations.toLocaleString('en'),
    ]),
  ),
]
const readme = await readFile('README.md', 'utf8')
const [start, end] = ['<!-- table: npm run readme -->', '<!-- end of table -->']
const [head, rest] = readme.split(start)
await writeFile('README.md', `${head}${start}\n${lines.join('\n')}\n${end}${rest.split(end)[1]}`)
await mkdir('docs/figures', { recursive: true })
const svg = await readFile('results/figures/error-maps.svg', 'utf8')
await writeFile('docs/figures/error-maps.png', await figurePng({ name: 'error-maps', svg }, 1))
