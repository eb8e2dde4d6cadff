import {
  add,
  eye,
  matMul,
  mul,
  reshape,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  type Variable,
  zeros,
} from '@tensorflow/tfjs-core'
import { checkInteger, checkNumber } from '../../errors.ts'
import { blend, hasKernel, runKernel } from '../fused.ts'
import { type AdamScalars, adamDirection, adamScalars, adamUpdate } from './adam.ts'
import type { OptimiserFactory } from './optimiser.ts'
import { clipOutlier, heldVariable, restoreState, stateOf } from './optimiser.ts'
import { orthogonalFactor } from './orthogonal-factor.ts'

export interface SoapOptions {
  /** Decay of the mean gradient, in [0, 1). */
  readonly beta1?: number
  /** Decay of the mean squared gradient in the eigenbasis, in [0, 1). */
  readonly beta2?: number
  /** Added to the root of the mean square, above 0. */
  readonly epsilon?: number
  /** Decay of the averages of GGᵀ and GᵀG, in [0, 1). */
  readonly factorDecay?: number
  /** Steps between two renewals of the eigenbases by one QR iteration. */
  readonly interval?: number
  /** Sides of a weight matrix longer than this stay in their own basis. */
  readonly largestSide?: number
}

// λ in units of the mean eigenvalue, for the first 1/(1 − β) steps. In directions in which an average of few gradients has next to
// nothing, L Q is rounding and would choose the basis: the losses of two backends, or of one with weights changed by 1e-7, would
// be 1e-2 apart after 20 steps and 6e-2 after 100. With λ the basis stays where it was there, and they are 1e-5 apart. Later on
// the average has something everywhere, and λ would only slow the renewals down.
const DAMPING = 0.01

/** One side of a weight matrix: the average of GGᵀ (or GᵀG) and its approximate eigenvectors, as columns. */
interface Side {
  readonly factor: Variable
  readonly basis: Variable
}

/**
 * SOAP: Adam in the eigenbasis of Shampoo's factors (Vyas et al. 2024, arXiv:2409.11321, algorithm 3; settings of
 * docs/mathematics.md §7). For a matrix G: L ← βL + (1−β)GGᵀ, R ← βR + (1−β)GᵀG; every `interval` steps
 * Q_L ← qr((L + λI) Q_L), Q_R likewise, λ = 0 after the first steps; the mean gradient M and the second moment of Q_LᵀGQ_R give Adam's step in that basis,
 * which is turned back. Vectors get plain Adam; a tensor [k, 1, n] is k vectors of the same kind, which share R and have no L.
 *
 * @example const optimiser = soap({ largestSide: 600 })(variables)
 * @throws InputError for an option out of its range
 */
export function soap(options: SoapOptions = {}): OptimiserFactory {
  const {
    beta1 = 0.95,
    beta2 = 0.99,
    epsilon = 1e-8,
    factorDecay = 0.95,
    interval = 10,
    largestSide = 600,
  } = options
  checkNumber('beta1', beta1, 0, 1 - 1e-12)
  checkNumber('beta2', beta2, 0, 1 - 1e-12)
  checkNumber('epsilon', epsilon, 0, 1, true)
  checkNumber('factorDecay', factorDecay, 0, 1 - 1e-12)
  checkInteger('interval', interval, 1)
  checkInteger('largestSide', largestSide, 0)
  return (variables) => {
    const kept = new Map<string, Variable>()
    const keep = (name: string, value: Tensor): Variable => {
      const held = heldVariable(value)
      kept.set(name, held)
      return held
    }
    const side = (name: string, n: number): Side | null =>
      n > largestSide
        ? null
        : {
            factor: keep(
              `${name}.factor`,
              tidy(() => mul(eye(n), 1e-12)),
            ),
            basis: keep(`${name}.basis`, eye(n)),
          }
    const parts = variables.map(({ shape }, i) => ({
      mean: keep(`${i}.mean`, zeros(shape)),
      power: keep(`${i}.square`, zeros(shape)),
      left: shape.length === 2 ? side(`${i}.left`, shape[0]) : null,
      right: shape.length >= 2 ? side(`${i}.right`, shape[shape.length - 1]) : null,
    }))
    let count = 0
    function step(gradients: readonly Tensor[], rate: number): void {
      count++
      const scalars = adamScalars(rate, { beta1, beta2, epsilon }, count)
      const renew = (count - 1) % interval === 0
      const damping = count * (1 - factorDecay) <= 1 ? DAMPING : 0
      for (const [i, value] of variables.entries()) {
        const { mean, power, left, right } = parts[i]
        if (left === null && right === null) {
          adamUpdate([value], [gradients[i]], [mean], [power], scalars)
          continue
        }
        const gradient = flat(gradients[i])
        if (left !== null) observe(left, gradient, true, factorDecay, renew, damping)
        if (right !== null) observe(right, gradient, false, factorDecay, renew, damping)
        rotatedStep(value, gradient, mean, power, left, right, scalars)
      }
    }
    return {
      name: 'soap',
      step(found, rate) {
        tidy(() => {
          const powers = parts.map(({ power }) => power)
          step(clipOutlier(found, powers, 1 - beta2 ** count), rate)
        })
      },
      state: () => stateOf('soap', count, kept),
      restore(state) {
        count = restoreState('soap', state, kept)
      },
      dispose() {
        for (const array of kept.values()) array.dispose()
      },
    }
  }
}

/** Adds GGᵀ (or GᵀG) to the average of one side and, when asked, renews its basis by one step of orthogonal iteration. */
function observe(
  { factor, basis }: Side,
  gradient: Tensor2D,
  left: boolean,
  decay: number,
  renew: boolean,
  damping: number,
): void {
  tidy(() => {
    blend([factor], [matMul(gradient, gradient, !left, left)], decay, 1 - decay)
    if (!renew) return
    let turned: Tensor2D = matMul(matrix(factor), matrix(basis))
    if (damping > 0) turned = add<Tensor2D>(turned, mul(basis, damping * meanEigenvalue(factor)))
    basis.assign(orthogonalise(turned))
  })
}

/** The trace of a symmetric matrix by its side. */
function meanEigenvalue(square: Variable): number {
  const [n] = square.shape
  const values = square.dataSync()
  let trace = 0
  for (let i = 0; i < n; i++) trace += values[i * n + i]
  return trace / n
}

/** A matrix as it is, k vectors [k, 1, n] as the matrix [k, n]. */
function flat(x: Tensor): Tensor2D {
  const [rows] = x.shape
  return x.shape.length === 2 ? (x as Tensor2D) : reshape(x, [rows, x.size / rows])
}

const matrix = (variable: Variable): Tensor2D => variable as unknown as Tensor2D

/** The factor Q of a square matrix: by the backend's kernel where it has one. */
function orthogonalise(square: Tensor2D): Tensor2D {
  if (hasKernel('OrthogonalFactor')) return runKernel('OrthogonalFactor', { matrix: square })[0] as Tensor2D
  const n = square.shape[0]
  return tensor2d(Float32Array.from(orthogonalFactor(square.dataSync(), n)), [n, n])
}

function rotatedStep(
  value: Variable,
  gradient: Tensor2D,
  mean: Variable,
  power: Variable,
  left: Side | null,
  right: Side | null,
  s: AdamScalars,
): void {
  const turn = (x: Tensor, back: boolean): Tensor => {
    let turned = x as Tensor2D
    if (left !== null) turned = matMul(matrix(left.basis), turned, !back, false)
    if (right !== null) turned = matMul(turned, matrix(right.basis), false, back)
    return turned
  }
  tidy(() => {
    const shaped = (x: Tensor): Tensor => (x.rank === value.rank ? x : reshape(x, value.shape))
    blend([mean], [shaped(gradient)], s.beta1, 1 - s.beta1)
    const turned = [gradient, flat(mean)].map((x) => shaped(turn(x, false)))
    const direction = adamDirection(turned[0], turned[1], power, s)
    blend([value], [shaped(turn(flat(direction), true))], 1, -1)
  })
}
