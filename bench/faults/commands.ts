import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatNpy } from '../../src/io/npy.ts'
import { points } from '../../src/points/points.ts'
import { GraphFile } from '../../test/neural/onnx-graph.ts'
import { plane } from '../kill/problems.ts'
import { binary, startNode, succeed } from '../kill/process.ts'

const COMPONENTS = 100_000
const space = {
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.5, 0.5],
    means: [
      [0, 0, 0],
      [1, 2, 1],
    ],
    stds: [0.5, 0.8],
  },
}
const many = {
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: Array(COMPONENTS).fill(1 / COMPONENTS),
    means: Array.from({ length: COMPONENTS }, (_, k) => [10 * Math.sin(k)]),
    stds: Array(COMPONENTS).fill(0.01),
  },
}
const shells = {
  process: { kind: 've' },
  data: {
    kind: 'radial',
    dimension: 3,
    weights: Array(1000).fill(1e-3),
    radii: Array.from({ length: 1000 }, (_, k) => 1 + k / 100),
    thicknesses: Array(1000).fill(0.1),
  },
}
const formula = {
  process: { kind: 've' },
  data: { kind: 'formula', density: 'exp(-x1^2 - (x2 - sin(3 x1))^2)' },
}
const drift = {
  process: { kind: 'custom', drift: '-x^3', sigma: '1', maximumTime: 1 },
  data: { kind: 'gaussian', mean: [1], covariance: [[0.04]] },
}

const sweep = {
  problems: { plane: { file: 'plane.json', time: 5 } },
  methods: { pinn: { kind: 'train', loss: 'pinn', steps: 20_000 } },
  seeds: [0, 1, 2],
}
const heavy = {
  format: 'consistency-pde network',
  formatVersion: 1,
  kind: 'onnx',
  dimension: 2,
  graph: 'heavy.onnx',
  check: { t: [1], x: [[0, 1]], f: [[0, 1]] },
}

/** Products of large matrices, one after the other: longer than a run may take. */
function heavyGraph(): Uint8Array {
  const g = new GraphFile()
  let last = 'x'
  for (let k = 0; k < 11; k++) last = g.node('Concat', [last, last], { axis: 1 })
  last = g.node('MatMul', [g.node('Transpose', [last]), last])
  for (let k = 0; k < 400; k++) last = g.node('MatMul', [last, last])
  return g.file({ t: 1, x: 2 }, { f: [last] })
}

/** Every command at work that lasts longer than anybody waits; files of problems and points are `write`n. */
export const commands: Readonly<Record<string, string>> = {
  characteristics:
    'evaluate --problem plane.json --method characteristics --coordinates t --solver dopri5 --time 5 --points plane.npy --threads 2 --out 1.npy',
  grid: 'evaluate --problem space.json --method grid --scheme weno5 --nodes 97 --time 5 --points space.npy --out 2.npy',
  table:
    'evaluate --problem plane.json --method grid --nodes 400 --save t.bin --time 5 --points plane.npy --out 3.npy',
  components: 'evaluate --problem many.json --method exact --time 5 --points line.npy --out 4.npy',
  'components by grid': 'evaluate --problem many.json --method grid --time 5 --points line.npy --out 5.npy',
  shells: 'evaluate --problem shells.json --method characteristics --time 5 --points space.npy --out 6.npy',
  formula: 'evaluate --problem formula.json --method characteristics --time 5 --points plane.npy --out 7.npy',
  'Fokker–Planck': 'evaluate --problem drift.json --method exact --time 1 --points line.npy --out 8.npy',
  train: 'train --problem plane.json --loss pinn --time 5 --steps 100000 --out trained',
  certify: 'certify --model model --problem plane.json --time 5 --samples 4000000',
  'certify an ONNX graph': 'certify --model heavy.json --problem plane.json --time 5 --samples 1000',
  'evaluate a model':
    'evaluate --problem plane.json --method model --model model --time 5 --points long.npy --out 10.npy',
  points: 'points --problem plane.json --time 5 --samples 1000000 --out p.npy',
  score: 'score --problem plane.json --time 5 --samples 1000000 --values plane.npy',
  sample: 'sample --problem plane.json --time 5 --samples 1000000 --steps 1000 --out s.npy',
  report: 'certify --model model --problem plane.json --time 5 --samples 1000000 --report report',
  sweep: 'sweep --sweep sweep.json --out swept',
  compare: 'compare --problem plane.json --time 5 --quick --out compared',
  'certificate-study': 'certificate-study --model model --problem plane.json --repetitions 1000',
  convergence: 'convergence --problem plane.json --time 5 --out orders',
  coupling: 'coupling --out coupled',
  metric: 'metric --out measured',
  pde: 'pde --out pde',
  sampling: 'sampling --out sampled',
  'stochastic-flow': 'stochastic-flow --out flow',
  marginals: 'marginals --out laws',
  'high-dimensional': 'high-dimensional --out high',
  digits: 'digits --out digits',
}

/** Writes the files that the commands name into a folder; the model is trained, for a moment. */
export async function writeFiles(folder: string): Promise<void> {
  const problems = { plane, space, many, shells, formula, drift }
  for (const [name, problem] of Object.entries(problems))
    await writeFile(join(folder, `${name}.json`), JSON.stringify(problem))
  for (const [name, d] of [
    ['line', 1],
    ['plane', 2],
    ['space', 3],
  ] as const) {
    const x = Float64Array.from({ length: 200_000 * d }, (_, i) => 5 * Math.sin(i))
    await writeFile(join(folder, `${name}.npy`), formatNpy(points(x, d)))
  }
  const long = Float64Array.from({ length: 2 ** 24 }, (_, i) => 5 * Math.sin(i))
  await writeFile(join(folder, 'long.npy'), formatNpy(points(long, 2)))
  await writeFile(join(folder, 'heavy.onnx'), heavyGraph())
  await writeFile(join(folder, 'heavy.json'), JSON.stringify(heavy))
  await writeFile(join(folder, 'sweep.json'), JSON.stringify(sweep))
  const small = ['--steps', '20', '--width', '16', '--layers', '2', '--batch', '64', '--out', 'model']
  await succeed(
    startNode(
      [binary, 'train', '--problem', 'plane.json', '--loss', 'pinn', '--time', '5', ...small],
      folder,
    ),
  )
}
