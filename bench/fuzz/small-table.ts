import { DEGREE } from '../../solvers/grid/forward-map/levels.ts'
import { encodeTable } from '../../solvers/grid/forward-map/table-file.ts'

const DIGEST = 32
const NODES = 8

/** The smallest table file: a line with one panel of levels. */
export function smallTable(): Promise<Uint8Array> {
  return encodeTable({
    problem: { process: { kind: 've' }, data: { kind: 'gaussian', mean: [0], covariance: [[1]] } },
    ...{ time: 2, rtol: 1e-9, tolerance: null, errors: [{ time: 2, error: 1e-6 }], functionEvaluations: 8 },
    levels: { ends: Float64Array.of(0, 1), time: 2 },
    parts: [
      {
        patch: {
          ...{ low: Float64Array.of(-1), high: Float64Array.of(1), reach: 5 },
          chart: {
            ...{ origin: Float64Array.of(0), axes: Float64Array.of(1) },
            gradings: [{ low: -1, high: 1, marks: [{ at: 0, width: 1 }] }],
          },
          modes: [{ mean: Float64Array.of(0), deviations: Float64Array.of(1), axes: Float64Array.of(1) }],
        },
        nodes: NODES,
        images: Array.from({ length: DEGREE }, (_, k) =>
          Float64Array.from({ length: NODES }, (_, i) => i + k),
        ),
      },
    ],
  })
}

/** The file with the SHA-256 of what is before its last 32 bytes, as its writer would put it there. */
export async function signed(bytes: Uint8Array): Promise<Uint8Array> {
  const content = bytes.slice(0, Math.max(0, bytes.length - DIGEST))
  const out = bytes.slice()
  if (bytes.length >= DIGEST)
    out.set(new Uint8Array(await crypto.subtle.digest('SHA-256', content)), content.length)
  return out
}
