import type { Diagnosis } from '../../solvers/diagnosis/index.ts'
import { fitRows, fitsHead } from '../../solvers/diagnosis/sentences.ts'
import type { Problem } from '../../src/problem/problem.ts'
import type { ReportSection } from '../../src/report/index.ts'
import { type ErrorPart, partsSection } from './parts.ts'

/** What the error is most like, and what it consists of as far as that says. */
export function diagnosisSections(
  diagnosis: Diagnosis,
  {
    problem,
    statistics,
  }: { readonly problem: Problem; readonly statistics: { readonly relativeError: number } },
): ReportSection[] {
  const { sentence, fits, notExamined, cause } = diagnosis
  const named = fits.find((fit) => fit.cause === cause)
  const learned = problem.density.kind === 'neural'
  const parts: ErrorPart[] = [
    {
      part: 'the map from the true one',
      size: statistics.relativeError,
      known: `measured${learned ? ', against the flow of the network that stands for the data' : ''}`,
    },
    {
      part: 'the teacher from the data',
      size: learned ? null : 0,
      known: learned
        ? 'the data itself is not in the problem'
        : 'the truth here is the flow of the data itself',
    },
    ...(named
      ? [
          {
            part: partNames[named.cause],
            size: named.error,
            known: 'the map that this cause alone makes, at the same points',
          },
          {
            part: 'the fit: the map from what that cause alone makes',
            size: named.rest,
            known: 'at the same points',
          },
        ]
      : [
          {
            part: 'discretisation, coupling, fit',
            size: null,
            known: 'no known cause explains most of the error, so it is not divided',
          },
        ]),
  ]
  return [
    {
      heading: 'What the error is most like',
      paragraphs: [
        sentence,
        'Each cause makes a map of its own. What it explains is how much nearer the map is to that one than to the truth.',
        ...notExamined.map((one) => `Not examined: ${one.cause}, since ${one.reason}.`),
      ],
      ...(fits.length > 0 && {
        table: { caption: 'The nearest map of each cause', head: fitsHead, words: [1], rows: fitRows(fits) },
      }),
    },
    partsSection(parts),
  ]
}

const partNames = {
  identity: 'that nothing is moved',
  collapse: 'the collapse to one point',
  steps: 'the discretisation: steps in place of the flow',
  viscosity: 'the coupling: viscosity of pairs that share their noise',
  median: 'the metric: the median in place of the mean',
  'time-scale': 'the scale of time',
  'shifted-twice': 'the schedule',
  float16: 'rounding to 16 bits',
} as const
