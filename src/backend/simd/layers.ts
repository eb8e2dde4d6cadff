import type { Activation } from '../../nn/activation.ts'
import type { Kernel } from './define.ts'
import { passParts, productParts } from './parts.ts'

/** The numbers of the activations in src/kernels/assembly/activation.ts. */
const numbers: Readonly<Record<Activation, number>> = { linear: 0, tanh: 1, silu: 2 }

interface LayerAttributes {
  readonly activation: Activation
  readonly dual: boolean
}

/** The layers of src/nn/dense.ts, forwards and backwards. */
export const layerKernels: Readonly<Record<string, Kernel>> = {
  /** [output, kept]: what the gradient needs is hW + b for SiLU, else the output itself. */
  Dense({ h, W, b }, backend, { activation, dual }: LayerAttributes) {
    const [rows, depth] = h.shape
    const columns = W.shape[1]
    const output = backend.output([rows, columns])
    const z = activation === 'silu' ? backend.output([rows, columns]) : output
    const sizes = [numbers[activation], Number(dual), dual ? rows / 2 : rows, depth, columns]
    const places = [backend.address(h), backend.address(W), backend.address(b), z.address, output.address]
    backend.run('denseForward', productParts(rows, columns, depth), ...sizes, ...places)
    return z === output ? [output.info] : [output.info, z.info]
  },

  /** The gradient of hW + b from that of the output. */
  DenseGradient({ kept, g }, backend, { activation, dual }: LayerAttributes) {
    const [rows, columns] = g.shape
    const { info, address } = backend.output([rows, columns])
    const sizes = [numbers[activation], Number(dual), dual ? rows / 2 : rows, columns]
    backend.run(
      'denseBackward',
      passParts(rows * columns),
      ...sizes,
      backend.address(kept),
      backend.address(g),
      address,
    )
    return info
  },

  /** Sums over the first rows. */
  ColumnSums({ x }, backend, { rows }: { readonly rows: number }) {
    const columns = x.shape[1]
    const { info, address } = backend.output([columns])
    backend.run(
      'columnSums',
      passParts(rows * columns, 32 * rows),
      rows,
      columns,
      backend.address(x),
      address,
    )
    return info
  },

  /** [output, hW + τS + b, τC]. */
  Film({ h, tau, W, S, C, b }, backend, { activation, dual }: LayerAttributes) {
    const [rows, depth] = h.shape
    const [features, columns] = S.shape
    const output = backend.output([rows, columns])
    const z = backend.output([rows, columns])
    const m = backend.output([rows, columns])
    const n = dual ? rows / 2 : rows
    const sizes = [numbers[activation], Number(dual), n, depth, features, columns]
    const inputs = [h, tau, W, S, C, b].map((info) => backend.address(info))
    const parts = productParts(rows, columns, depth + 2 * features)
    backend.run('filmForward', parts, ...sizes, ...inputs, z.address, m.address, output.address)
    return [output.info, z.info, m.info]
  },

  /** The gradients of hW + τS + b and of τC from that of the output. */
  FilmGradient({ z, m, g }, backend, { activation, dual }: LayerAttributes) {
    const [rows, columns] = g.shape
    const dz = backend.output([rows, columns])
    const dm = backend.output([rows, columns])
    const sizes = [numbers[activation], Number(dual), dual ? rows / 2 : rows, columns]
    const inputs = [z, m, g].map((info) => backend.address(info))
    backend.run('filmBackward', passParts(rows * columns, 8192), ...sizes, ...inputs, dz.address, dm.address)
    return [dz.info, dm.info]
  },
}
