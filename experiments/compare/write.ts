import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { figurePng } from '../../src/figures/index.ts'
import { writeFileAtomic } from '../../src/io/atomic-write.ts'
import { reportHtml } from '../../src/report/index.ts'
import { comparisonFigures } from './figures.ts'
import type { Comparison } from './index.ts'
import { reportSections } from './report-page.ts'

/** Writes results.json, report.html and figures/*.svg and *.png to a folder, each whole or not at all. */
export async function writeComparison(comparison: Comparison, folder: string): Promise<void> {
  const figures = comparisonFigures(comparison)
  await mkdir(join(folder, 'figures'), { recursive: true })
  for (const figure of figures) {
    await writeFileAtomic(join(folder, 'figures', `${figure.name}.svg`), figure.svg)
    await writeFileAtomic(join(folder, 'figures', `${figure.name}.png`), await figurePng(figure))
  }
  const { results } = comparison
  await writeFileAtomic(join(folder, 'report.html'), reportHtml(reportSections(comparison, figures)))
  // last, so that a folder with results.json is complete
  await writeFileAtomic(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
}
