// Writes the tables of README.md and of the guide from results/results.json, and draws the figure that the README shows.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { figurePng } from '../dist/src/figures/index.js'
import { formatNumber } from '../dist/src/report/format.js'

const { methods, time, seed } = JSON.parse(await readFile('results/results.json', 'utf8'))
const short = (value) => formatNumber(value, 2)
const row = (cells) => `| ${cells.join(' | ')} |`
const shown = (chosen) => [
  row(['method', 'relative error', 'median', 'certificate', 'W₂', 'score evaluations']),
  row(['---', '---', '---', '---', '---', '---']),
  ...methods
    .filter(({ method }) => chosen.length === 0 || chosen.includes(method))
    .map((m) =>
      row([
        `\`${m.method}\`${m.method === 'gaussian' ? ' (baseline)' : ''}`,
        `${short(m.relativeError)} ± ${short(m.standardError)}`,
        short(m.medianError),
        m.certificateReason ? 'no bound' : short(m.certificate),
        short(m.wasserstein2),
        m.functionEvaluations.toLocaleString('en'),
      ]),
    ),
]
const title = `Beak length and depth of 342 penguins, standardised; kernel density by Silverman's rule; VE process, T = ${time}, seed ${seed}.`

// <!-- table: npm run readme -->, or with names of methods after the command, for a page that shows some of them
const PLACE = /(<!-- table: npm run readme ?(.*?) ?-->\n).*?(<!-- end of table -->)/gs
for (const page of ['README.md', ...(await readdir('docs/guide')).map((name) => `docs/guide/${name}`)]) {
  const text = await readFile(page, 'utf8')
  const written = text.replace(PLACE, (_, start, names, end) =>
    [`${start}${title}`, '', ...shown(names.split(' ').filter(Boolean)), end].join('\n'),
  )
  if (written !== text) await writeFile(page, written)
}
await mkdir('docs/figures', { recursive: true })
const svg = await readFile('results/figures/error-maps.svg', 'utf8')
await writeFile('docs/figures/error-maps.png', await figurePng({ name: 'error-maps', svg }, 1))
