// Runs the league of losses and writes what was found into docs/league.md, with its figures in docs/figures. What the folder has already is
// not done again. All other options are those of `consistency-pde league`; with --quick the folder alone is written, unless --docs is given.
//   node scripts/league.js [--out results/league] [--budgets 18,54] [--seeds 2] [--quick] [--docs] …
import { spawn } from 'node:child_process'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { leagueFigures } from '../dist/experiments/league/figures.js'
import { leagueReport } from '../dist/experiments/league/report-page.js'
import { writeBlock } from './write-block.js'

const given = process.argv.slice(2).filter((option) => option !== '--docs')
const at = given.indexOf('--out')
const out = at < 0 ? join('results', 'league') : given[at + 1]
const options = at < 0 ? ['--out', out, ...given] : given
const child = spawn(process.execPath, ['dist/bundle/cli/main.js', 'league', ...options], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
const code = await new Promise((resolve, reject) => {
  child.on('error', reject)
  child.on('close', resolve)
})
if (code === 0 && (!given.includes('--quick') || process.argv.includes('--docs'))) await publish()
process.exitCode = code ?? 1

async function publish() {
  const results = JSON.parse(await readFile(join(out, 'results.json'), 'utf8'))
  const { meta, sections } = leagueReport(results, [])
  const names = figureNames(results)
  const images = names.map((name) => `![${name.replaceAll('-', ' ')}](figures/league-${name}.png)`)
  const shown = given.filter(
    (option, i) =>
      option !== '--out' &&
      given[i - 1] !== '--out' &&
      option !== '--threads' &&
      given[i - 1] !== '--threads',
  )
  const head = [
    `- Command: \`npm run league${shown.length > 0 ? ` -- ${shown.join(' ')}` : ''}\``,
    ...Object.entries(meta).map(([name, value]) => `- ${name}: ${value}`),
  ]
  const body = sections.flatMap(({ heading, paragraphs = [], table }) => [
    ...['', `## ${heading}`],
    ...paragraphs.flatMap((paragraph) => ['', paragraph]),
    ...(table ? ['', `${table.caption}.`, '', ...markdown(table)] : []),
    ...(heading === 'What was found' ? ['', ...images] : []),
  ])
  await mkdir(join('docs', 'figures'), { recursive: true })
  for (const name of names)
    await copyFile(join(out, 'figures', `${name}.png`), join('docs', 'figures', `league-${name}.png`))
  const [open, close] = ['<!-- found by league: npm run league -->', '<!-- end of league -->']
  writeBlock(join('docs', 'league.md'), open, close, [...head, ...body].join('\n'))
}

/** The heat map of the longest trainings, and the errors in the course of them. */
function figureNames(results) {
  const longest = Math.max(...results.budgets)
  const shorter = results.budgets.filter((budget) => budget !== longest).map((budget) => `errors-${budget}s`)
  return leagueFigures(results)
    .map(({ name }) => name)
    .filter((name) => !shorter.includes(name))
}

function markdown({ head, rows, words = [] }) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, i) => (i === 0 || words.includes(i) ? '---' : '--:'))
  return [head, rule, ...rows].map(line)
}
