// Runs the league of losses and writes what was found into docs/league.md, with its figures in docs/figures. What the folder has already is
// not done again. All other options are those of `consistency-pde league`; with --quick the folder alone is written, unless --docs is given.
//   node scripts/league.js [--out results/league] [--budgets 18,54] [--seeds 2] [--quick] [--docs] …
import { spawn } from 'node:child_process'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { leagueReport } from '../dist/experiments/league/report-page.js'

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
    ...(heading === 'What was found' ? ['', ...images(results)] : []),
  ])
  await mkdir(join('docs', 'figures'), { recursive: true })
  for (const name of figureNames(results))
    await copyFile(join(out, 'figures', `${name}.png`), join('docs', 'figures', `league-${name}.png`))
  const page = await readFile(join('docs', 'league.md'), 'utf8')
  const [open, close] = ['<!-- found by league: npm run league -->', '<!-- end of league -->']
  if (!page.includes(open) || !page.includes(close)) throw new Error('docs/league.md has no place for it')
  const text = `${page.split(open)[0]}${open}\n${[...head, ...body].join('\n')}\n${close}${page.split(close)[1]}`
  await writeFile(join('docs', 'league.md'), text)
}

/** The heat map of the longest trainings, and the errors in the course of them. */
function figureNames({ budgets, problems }) {
  const curves = Array.from({ length: Math.ceil(problems.length / 3) }, (_, k) => `error-by-time-${k + 1}`)
  return [`errors-${Math.max(...budgets)}s`, ...curves]
}

function images(results) {
  return figureNames(results).map((name) => `![${name.replaceAll('-', ' ')}](figures/league-${name}.png)`)
}

function markdown({ head, rows, words = [] }) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, i) => (i === 0 || words.includes(i) ? '---' : '--:'))
  return [head, rule, ...rows].map(line)
}
