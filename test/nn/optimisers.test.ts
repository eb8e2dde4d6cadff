import { type Tensor, tensor, type Variable, variable } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/backend/index.ts'
import { InputError } from '../../src/errors.ts'
import { adam, type OptimiserFactory, optimisers, soap } from '../../src/nn/optimisers/index.ts'
import { weightAverage } from '../../src/nn/optimisers/optimiser.ts'
import { orthogonalFactor } from '../../src/nn/optimisers/orthogonal-factor.ts'
import { Random } from '../../src/random/random.ts'
import { available } from '../backend/available.ts'

const ROWS = 5
const COLUMNS = 7

/**
 * Half the squared distance of A x B from A x* B, with the gradient Aᵀ(A x B − A x* B)Bᵀ. The singular values of A and of B go from 1
 * down to 10^−decades.
 */
function quadratic(rows: number, columns: number, decades: number) {
  const random = Random.stream(1, 'quadratic')
  const normal = (n: number) => Float64Array.from({ length: n }, () => random.normal())
  // Rotated, so that a diagonal preconditioner does not help.
  const side = (n: number) => {
    const q = orthogonalFactor(normal(n * n), n)
    return q.map((value, k) => value * 10 ** (-decades * (Math.floor(k / n) / (n - 1))))
  }
  const times = (a: ArrayLike<number>, b: ArrayLike<number>, n: number, m: number, p: number) => {
    const c = new Float64Array(n * p)
    for (let i = 0; i < n; i++)
      for (let k = 0; k < m; k++) for (let j = 0; j < p; j++) c[i * p + j] += a[i * m + k] * b[k * p + j]
    return c
  }
  const flip = (a: ArrayLike<number>, n: number, m: number) =>
    Float64Array.from({ length: n * m }, (_, k) => a[(k % n) * m + Math.floor(k / n)])
  const [A, B] = [side(rows), flip(side(columns), columns, columns)]
  const image = (x: ArrayLike<number>) => times(times(A, x, rows, rows, columns), B, rows, columns, columns)
  const target = image(normal(rows * columns))
  const rest = (x: ArrayLike<number>) => image(x).map((value, k) => value - target[k])
  return {
    loss: (x: ArrayLike<number>) => rest(x).reduce((sum, value) => sum + value * value, 0) / 2,
    gradient: (x: ArrayLike<number>) =>
      times(
        times(flip(A, rows, rows), rest(x), rows, rows, columns),
        flip(B, columns, columns),
        rows,
        columns,
        columns,
      ),
    times,
    flip,
  }
}

// The weak directions of a hard problem hang on the last bits, so a mild one for comparisons with float64.
const mild = quadratic(ROWS, COLUMNS, 0.2)
const hard = quadratic(ROWS, COLUMNS, 1)
const start = Float32Array.from({ length: ROWS * COLUMNS }, (_, k) => Math.sin(k))
const bias = Float32Array.from({ length: 3 }, (_, k) => k - 1)

function matrixVariable(): Variable {
  return variable(tensor(start.slice(), [ROWS, COLUMNS]))
}

/** Takes steps on the matrix (the quadratic) and a vector (half its squared length), with a rate that changes. */
function run(
  variables: Variable[],
  step: (g: Tensor[], rate: number) => void,
  from: number,
  to: number,
  problem = mild,
  rate = (k: number) => 0.02 / (1 + 0.01 * k),
): void {
  for (let k = from; k < to; k++) {
    const x = variables[0].dataSync()
    const gradients = [
      tensor(Float32Array.from(problem.gradient(x)), variables[0].shape),
      tensor(Float32Array.from(variables[1].dataSync())),
    ]
    step(gradients, rate(k))
    for (const gradient of gradients) gradient.dispose()
  }
}

const bytes = (variables: Variable[]) => variables.map((value) => Array.from(value.dataSync()))

function float64Adam(gradient: (x: Float64Array) => Float64Array, x: Float64Array, steps: number) {
  const m = new Float64Array(x.length)
  const v = new Float64Array(x.length)
  for (let k = 1; k <= steps; k++) {
    const g = gradient(x)
    for (let i = 0; i < x.length; i++) {
      m[i] = 0.9 * m[i] + 0.1 * g[i]
      v[i] = 0.99 * v[i] + 0.01 * g[i] ** 2
      x[i] -=
        (0.02 / (1 + 0.01 * (k - 1))) * (m[i] / (1 - 0.9 ** k) / (Math.sqrt(v[i] / (1 - 0.99 ** k)) + 1e-8))
    }
  }
  return x
}

function float64Soap(problem: typeof mild, n: number, m: number, x: Float64Array, steps: number) {
  const { times, flip, gradient } = problem
  const identity = (size: number, value: number) =>
    Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? value : 0))
  let [L, R, QL, QR]: Float64Array[] = [
    identity(n, 1e-12),
    identity(m, 1e-12),
    identity(n, 1),
    identity(m, 1),
  ]
  const mean = new Float64Array(n * m)
  const power = new Float64Array(n * m)
  const blend = (a: Float64Array, b: Float64Array, decay: number) =>
    a.map((value, k) => decay * value + (1 - decay) * b[k])
  /** Adds a hundredth of the mean eigenvalue to the diagonal. */
  const damped = (a: Float64Array, size: number) => {
    const diagonal = a.filter((_, k) => k % (size + 1) === 0)
    const shift = (0.01 * diagonal.reduce((sum, value) => sum + value, 0)) / size
    return a.map((value, k) => (k % (size + 1) === 0 ? value + shift : value))
  }
  for (let k = 1; k <= steps; k++) {
    const g = gradient(x)
    L = blend(L, times(g, flip(g, n, m), n, m, n), 0.95)
    R = blend(R, times(flip(g, n, m), g, m, n, m), 0.95)
    if (k % 10 === 1) {
      QL = orthogonalFactor(times(k > 20 ? L : damped(L, n), QL, n, n, n), n)
      if (n === m) QR = orthogonalFactor(times(k > 20 ? R : damped(R, m), QR, m, m, m), m)
    }
    const turn = (y: Float64Array) => times(times(flip(QL, n, n), y, n, n, m), QR, n, m, m)
    for (let i = 0; i < n * m; i++) mean[i] = 0.95 * mean[i] + 0.05 * g[i]
    const [turned, meanTurned] = [turn(g), turn(mean)]
    const direction = meanTurned.map((value, i) => {
      power[i] = 0.99 * power[i] + 0.01 * turned[i] ** 2
      return value / (1 - 0.95 ** k) / (Math.sqrt(power[i] / (1 - 0.99 ** k)) + 1e-8)
    })
    const back = times(times(QL, direction, n, n, m), flip(QR, m, m), n, m, m)
    for (let i = 0; i < n * m; i++) x[i] -= (0.02 / (1 + 0.01 * (k - 1))) * back[i]
  }
  return x
}

const far = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])))

describe.each(available)('optimisers on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  }, 60_000)

  it('Adam follows its float64 twin', () => {
    const variables = [matrixVariable(), variable(tensor(bias.slice()))]
    const optimiser = adam()(variables)
    run(variables, optimiser.step, 0, 40)
    const exact = float64Adam(mild.gradient, Float64Array.from(start), 40)
    expect(far(variables[0].dataSync(), exact)).toBeLessThan(2e-5)
    expect(
      far(
        variables[1].dataSync(),
        float64Adam((x) => x, Float64Array.from(bias), 40),
      ),
    ).toBeLessThan(2e-5)
  })

  // The longer side of a matrix has directions no gradient has been in, where the basis is arbitrary: there it is left out.
  it.each([
    [6, 6],
    [5, 7],
  ])('SOAP on %i × %i follows its float64 twin', (n, m) => {
    const problem = quadratic(n, m, 0.2)
    const values = Float32Array.from({ length: n * m }, (_, k) => Math.sin(k))
    const variables = [variable(tensor(values.slice(), [n, m])), variable(tensor(bias.slice()))]
    run(variables, soap({ largestSide: n })(variables).step, 0, 25, problem)
    const exact = float64Soap(problem, n, m, Float64Array.from(values), 25)
    expect(far(variables[0].dataSync(), exact)).toBeLessThan(1e-3)
  })

  it('SOAP converges faster than Adam where the curvatures differ', () => {
    const lossAfter = (factory: OptimiserFactory) => {
      const variables = [matrixVariable(), variable(tensor(bias.slice()))]
      run(variables, factory(variables).step, 0, 400, hard, (k) => 0.05 * (1 + Math.cos((Math.PI * k) / 400)))
      return hard.loss(variables[0].dataSync())
    }
    const atStart = hard.loss(start)
    const [withAdam, withSoap] = [lossAfter(adam()), lossAfter(soap())]
    expect(withAdam).toBeLessThan(atStart / 2)
    expect(withSoap).toBeLessThan(withAdam / 100)
  })

  it('leaves sides over the limit in their own basis: with none left SOAP is Adam', () => {
    const one = [matrixVariable(), variable(tensor(bias.slice()))]
    const two = [matrixVariable(), variable(tensor(bias.slice()))]
    run(one, soap({ largestSide: 2 })(one).step, 0, 15)
    run(two, adam({ beta1: 0.95 })(two).step, 0, 15)
    expect(bytes(one)).toEqual(bytes(two))
    const three = [matrixVariable(), variable(tensor(bias.slice()))]
    const optimiser = soap({ largestSide: ROWS })(three)
    expect(Object.keys(optimiser.state().arrays).sort()).toEqual(
      ['0.mean', '0.square', '0.left.factor', '0.left.basis', '1.mean', '1.square'].sort(),
    )
  })

  it.each(Object.keys(optimisers))(
    '%s goes on from its state with the same bits, wherever it stopped',
    (name) => {
      const straight = [matrixVariable(), variable(tensor(bias.slice()))]
      run(straight, optimisers[name]()(straight).step, 0, 25)
      for (const stop of [1, 10, 11, 17]) {
        const first = [matrixVariable(), variable(tensor(bias.slice()))]
        const one = optimisers[name]()(first)
        run(first, one.step, 0, stop)
        const state = structuredClone(one.state())
        const second = first.map((value) =>
          variable(tensor(Float32Array.from(value.dataSync()), value.shape)),
        )
        const other = optimisers[name]()(second)
        other.restore(state)
        run(first, one.step, stop, stop + 3)
        run(second, other.step, stop, 25)
        expect(bytes(second)).toEqual(bytes(straight))
      }
    },
  )

  it('does not change tensors the variables were made from', () => {
    const values = tensor(start.slice(), [ROWS, COLUMNS])
    const variables = [variable(values), variable(tensor(bias.slice()))]
    const copy = variables[1].clone()
    for (const factory of [adam(), soap()]) run(variables, factory(variables).step, 0, 3)
    expect(Array.from(values.dataSync())).toEqual(Array.from(start))
    expect(Array.from(copy.dataSync())).toEqual(Array.from(bias))
  })

  it('averages the weights with a warm-up', () => {
    const weights = variable(tensor([1, 2, 3]))
    const average = weightAverage([weights], 0.5)
    let expected = [1, 2, 3]
    for (let k = 0; k < 12; k++) {
      const next = [k, -k, 1 / (1 + k)]
      weights.assign(tensor(next))
      average.update()
      const d = Math.min(0.5, (1 + k) / (10 + k))
      expected = expected.map((value, i) => d * value + (1 - d) * next[i])
    }
    expect(far(average.values[0].dataSync(), expected)).toBeLessThan(1e-6)
    const again = weightAverage([weights], 0.5)
    again.restore(structuredClone(average.state()))
    weights.assign(tensor([7, 7, 7]))
    average.update()
    again.update()
    expect(bytes([...again.values])).toEqual(bytes([...average.values]))
  })
})

describe('bad input', () => {
  it('is named', async () => {
    await useBackend('cpu')
    expect(() => adam({ beta1: 1 })).toThrow(InputError)
    expect(() => soap({ interval: 0 })).toThrow(InputError)
    const variables = [matrixVariable()]
    const state = adam()(variables).state()
    expect(() => soap()(variables).restore(state)).toThrow(InputError)
    const other = adam()([variable(tensor(bias.slice()))])
    expect(() => other.restore(state)).toThrow(InputError)
    expect(() => weightAverage(variables, 2)).toThrow(InputError)
  })
})

describe.each(Object.keys(optimisers))('%s', (name) => {
  it('goes on after a batch whose gradient is ten thousand times larger, and leaves ordinary gradients as they are', () => {
    const gradientOf = (k: number) =>
      Float32Array.from(
        { length: ROWS * COLUMNS },
        (_, i) => Math.sin(i + 1) * (1 + 0.5 * Math.sin(3 * k + i)),
      )
    const moved = (outlier: number) => {
      const x = variable(tensor(new Float32Array(ROWS * COLUMNS), [ROWS, COLUMNS]))
      const optimiser = optimisers[name]()([x])
      let last = x.dataSync().slice()
      const lengths: number[] = []
      for (let k = 0; k < 120; k++) {
        const g = tensor(
          gradientOf(k).map((value) => value * (k === 60 ? outlier : 1)),
          [ROWS, COLUMNS],
        )
        optimiser.step([g], 0.01)
        g.dispose()
        const now = x.dataSync().slice()
        lengths.push(Math.hypot(...now.map((value, i) => value - last[i])))
        last = now
      }
      optimiser.dispose()
      x.dispose()
      return lengths
    }
    const [plain, outlier] = [moved(1), moved(1e4)]
    // as long as 40 steps later they were 100 times shorter without
    for (let k = 100; k < 120; k++) expect(outlier[k] / plain[k]).toBeGreaterThan(0.5)
    expect(Math.max(...outlier)).toBeLessThan(2 * Math.max(...plain))
  })
})
