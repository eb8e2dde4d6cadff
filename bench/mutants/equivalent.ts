/** A change that no test can see, and why. */
interface Equivalent {
  readonly file: string
  /** The line as it is, without indentation. */
  readonly line: string
  /** What is put in; without it any change of the line. */
  readonly replacement?: string
  readonly why: string
}

/** Mutants that have been looked at and do not change what the program does. */
export const equivalent: readonly Equivalent[] = [
  {
    file: 'solvers/neural/stochastic-flow/network-flow.ts',
    line: 'for (let at = 0; at < vector.length; at++) vector[at] = factor[at * d + j]',
    replacement: '<=',
    why: 'nothing is kept behind the end of a Float64Array',
  },
  {
    file: 'solvers/fixed-points/ct.ts',
    line: 'for (let n = 0; n + 1 < times.intervals; n++) {',
    replacement: '-',
    why: 'two more levels are computed, which nothing reads',
  },
  {
    file: 'solvers/neural/neural-map.ts',
    line: 'const BLOCK = 2048',
    why: 'the same rows in other parts: each row depends on itself alone',
  },
  {
    file: 'src/nn/flow-map.ts',
    line: 'const BLOCK = 2048',
    why: 'the same rows in other parts: each row depends on itself alone',
  },
  {
    file: 'src/kernels/kernel-density.ts',
    line: 'export const BLOCK = 512',
    why: 'the same rows in other parts: each row depends on itself alone',
  },
  {
    file: 'solvers/sampling/sampler.ts',
    line: 'const ROWS = 256',
    why: 'the same rows in other parts: each row depends on itself alone',
  },
  {
    file: 'cli/evaluate-in-parts.ts',
    line: 'const VALUES_A_PART = 2 ** 15',
    why: 'the same rows in other parts: each row depends on itself alone',
  },
  {
    file: 'cli/evaluate-in-parts.ts',
    line: 'const FEWEST_ROWS = 2048',
    why: 'the same rows in other parts: each row depends on itself alone',
  },
  {
    file: 'cli/evaluate-in-parts.ts',
    line: 'const WORTH_THREADS = 0.5',
    why: 'which of two ways is taken, to the same result: only the time differs',
  },
  {
    file: 'cli/evaluate-in-parts.ts',
    line: 'const PARTS_A_THREAD = 2',
    why: 'the same rows in other parts: each row depends on itself alone',
  },
  {
    file: 'src/backend/simd/simd-backend.ts',
    line: 'const PART = 1e6',
    why: 'parts of a product for other threads: each value is computed by one of them in the same way',
  },
  {
    file: 'src/backend/simd/simd-backend.ts',
    line: 'const MOST = 256',
    why: 'parts of a product for other threads: each value is computed by one of them in the same way',
  },
  {
    file: 'src/backend/simd/simd-backend.ts',
    line: 'const STACK_ROWS = 64',
    why: 'the same rows in other parts: each row depends on itself alone',
  },
  {
    file: 'src/backend/simd/simd-backend.ts',
    line: 'const STACK_ROWS_BLAS = 256',
    why: 'the same rows in other parts: each row depends on itself alone',
  },
  {
    file: 'src/kernels/helper.ts',
    line: 'export const SPINS = 5000',
    why: 'looks at a flag before a thread sleeps: only the time differs',
  },
  {
    file: 'src/kernels/gauss-tree.ts',
    line: 'const TREE = [200, 1000, 4000]',
    why: 'from where on a tree is quicker than plain sums, which it agrees with to rounding',
  },
  {
    file: 'src/kernels/gauss-tree.ts',
    line: 'const LEAF = [24, 48, 96]',
    why: 'from where on expansions are quicker than plain sums, which they agree with to rounding',
  },
  {
    file: 'src/kernels/gauss-tree.ts',
    line: 'const EXPANDED = [32, 48, 96]',
    why: 'from where on expansions are quicker than plain sums, which they agree with to rounding',
  },
  {
    file: 'experiments/compare/tasks.ts',
    line: 'const CHECKPOINT_EVERY = 500',
    why: 'a training goes on from any checkpoint with the same bits',
  },
  {
    file: 'experiments/sweep/do-run.ts',
    line: 'const CHECKPOINT_EVERY = 500',
    why: 'a training goes on from any checkpoint with the same bits',
  },
  {
    file: 'src/fokker-planck/log-density.ts',
    line: 'const few = 4 * rows * READ[d - 1] < this.#spline.size',
    why: 'the sum of a few splines at each point, or the one spline that is their sum: the same up to rounding',
  },
  {
    file: 'solvers/neural/train.ts',
    line: 'if (performance.now() - lastReport < REPORT_MILLISECONDS) return',
    why: 'how often progress is told',
  },
  {
    file: 'solvers/grid/eulerian/march.ts',
    line: 'if (performance.now() - paused < PAUSE) continue',
    why: 'how often signals are looked for',
  },
  {
    file: 'solvers/neural/stochastic-flow/likelihood.ts',
    line: 'return mul(sum(sub(mul(square(r), 0.5), a)), 1 / output.shape[0]) as Scalar',
    replacement: '0.5, square(r)',
    why: 'the factors of a product may be swapped',
  },
  {
    file: 'src/exact/quantile.ts',
    line: 'if (sum > SMALLEST) return Math.log(sum)',
    replacement: '>=',
    why: 'at 1e-290 itself both branches give the same logarithm',
  },
  {
    file: 'src/exact/distribution-map.ts',
    line: 'if (!(x >= low && x <= high)) return { y: Number.NaN, error: Infinity }',
    replacement: '<',
    why: 'at the end of the box nothing lies beyond: the probability is too small and the answer the same',
  },
  {
    file: 'src/exact/formula.ts',
    line: 'for (const side of sign > 0 ? [0, 1] : [1, 0]) {',
    replacement: '1',
    why: 'which half is summed first: the same up to rounding',
  },
  {
    file: 'src/backend/simd/simd-backend.ts',
    line: 'return even(count / each)',
    why: 'parts of a pass for other threads: each value is computed by one of them in the same way',
  },
  {
    file: 'src/backend/simd/simd-backend.ts',
    line: 'export function passParts(count: number, each = 16_384): number {',
    why: 'parts of a pass for other threads: each value is computed by one of them in the same way',
  },
  {
    file: 'src/backend/simd/simd-backend.ts',
    line: 'const work = rows * (depth + 16) * 8 * Math.ceil(columns / 8)',
    why: 'parts of a product for other threads: each value is computed by one of them in the same way',
  },
  {
    file: 'src/backend/simd/simd-backend.ts',
    line: 'return even(Math.min(work / PART, rows / 48))',
    why: 'parts of a product for other threads: each value is computed by one of them in the same way',
  },
  {
    file: 'src/characteristics/fused.ts',
    line: 'if (d > 1 && Math.max(...own) > LARGEST_CONDITION * Math.min(...own)) return undefined',
    replacement: '>=',
    why: 'at a condition of 1e4 itself either way of summing does',
  },
  {
    file: 'experiments/sampling/rounds.ts',
    line: 'for (let k = 0; k < weights.length; k++) {',
    replacement: '<=',
    why: 'the last part fills what is left: nothing is after it',
  },
]
