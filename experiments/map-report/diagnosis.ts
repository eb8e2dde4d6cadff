import type { CauseFit, Diagnosis, ErrorByLoss } from '../../solvers/diagnosis/index.ts'
import { fitRows, fitsHead } from '../../solvers/diagnosis/sentences.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { formatNumber } from '../../src/report/format.ts'
import type { ReportSection } from '../../src/report/index.ts'
import { type ErrorPart, partsSection } from './parts.ts'

interface Divided {
  readonly problem: Problem
  readonly statistics: { readonly relativeError: number }
  /** The network whose flow it was trained on, where that is not the flow of the data. */
  readonly teacher?: string
  readonly byLoss?: ErrorByLoss | string
}

/** What the error is most like, and what it consists of as far as that, or the loss of the network, says. */
export function diagnosisSections(diagnosis: Diagnosis, map: Divided): ReportSection[] {
  const { sentence, fits, notExamined, cause } = diagnosis
  const { byLoss } = map
  const known = typeof byLoss === 'object'
  const named = fits.find((fit) => fit.cause === cause)
  const division = known ? partsByLoss(byLoss) : named ? partsByCause(named) : [undivided(byLoss)]
  const parts = [...ofTeacher(map), ...division]
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
    partsSection(parts, known ? [byLossInWords(byLoss)] : []),
  ]
}

function ofTeacher({ problem, statistics, teacher }: Divided): ErrorPart[] {
  const learned = problem.density.kind === 'neural'
  return [
    {
      part: 'the map from the true one',
      size: statistics.relativeError,
      known: `measured${learned ? ', against the flow of the network that stands for the data' : ''}`,
    },
    learned || teacher !== undefined
      ? {
          part: 'the teacher from the data',
          size: null,
          known: learned
            ? 'the data itself is not in the problem'
            : `the flow of ${teacher} was not measured here: make it the data of a problem (docs/problem-files.md, neural)`,
        }
      : {
          part: 'the teacher from the data',
          size: 0,
          known: 'the truth here is the flow of the data itself',
        },
  ]
}

function partsByCause({ cause, error, rest }: CauseFit): ErrorPart[] {
  return [
    {
      part: partNames[cause],
      size: error,
      known: 'the map that this cause alone makes, at the same points',
    },
    {
      part: 'the fit: the map from what that cause alone makes',
      size: rest,
      known: 'at the same points',
    },
  ]
}

function undivided(reason: string | undefined): ErrorPart {
  return {
    part: 'discretisation, coupling, fit',
    size: null,
    known:
      reason === undefined
        ? 'no known cause explains most of the error, so it is not divided'
        : `not divided: ${reason}`,
  }
}

function byLossInWords({ cause, trajectories, error }: ErrorByLoss): string {
  const where = `Parts are those of ${trajectories} of the trajectories, on which the map is ${formatNumber(error)} from the true one.`
  return cause === null
    ? `The loss of this network has the true map as its fixed point. ${where}`
    : `With unlimited data and network, its loss would still not give the true map, but its own fixed point. ${where} They are distances from map to map and need not add up.`
}

function partsByLoss({ cause, intervals, loss, fit, resolution }: ErrorByLoss): ErrorPart[] {
  return [
    {
      part: cause === null ? 'discretisation, coupling' : partNames[cause],
      size: loss,
      known:
        cause === null
          ? 'the loss has none: its fixed point is the true map'
          : `the fixed point of the loss on N = ${intervals} times, from the true map`,
    },
    {
      part: 'the fit: the network from the fixed point of its loss',
      size: fit,
      known: `at the same points${resolution === null ? '' : `, by samples: up to ${formatNumber(resolution)} it is not told apart from 0`}`,
    },
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
