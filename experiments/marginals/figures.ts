import { type Figure, figures } from '../../src/figures/index.ts'
import type { MarginalResults, MarginalStudy } from './index.ts'

/** A figure for every problem on the line: the laws that agree beside p_t, and those of the note's slips where there are any. */
export function marginalFigures({ studies }: MarginalResults): Figure[] {
  return studies.flatMap((study, i) => (study.curves ? [figure(study, i)] : []))
}

function figure({ name, time, curves, samples }: MarginalStudy, index: number): Figure {
  if (!curves) throw new Error('a study without curves')
  const { x, density, centres, laws } = curves
  const exact = { label: 'p_t', x, y: density }
  const panel = (title: string, expected: boolean) => ({
    title,
    x: { label: 'x' },
    y: { label: 'density', domain: [0, 1.25 * Math.max(...density)] as const },
    lines: [exact],
    dots: laws
      .filter((one) => one.expected === expected)
      .map((one) => ({ label: one.law, x: centres, y: one.density })),
  })
  const slips = laws.some(({ expected }) => !expected)
  return figures.linePanels({
    name: `marginals-${index + 1}`,
    title: `Laws at t = ${Number(curves.time.toPrecision(3))}: ${name}`,
    caption: `The density p_t (line) and histograms of ${samples} points (dots): forward from t = 0, backward from T = ${time}.`,
    panels: [panel('Equations (1) to (4)', true), ...(slips ? [panel('The slips of the note', false)] : [])],
  })
}
