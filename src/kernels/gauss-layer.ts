import { type Float64Kernels, reserve } from './float64.ts'

/** The ends of the box of the centres, by axis. */
export type Box = readonly { readonly low: number; readonly high: number }[]

interface Axis {
  readonly origin: number
  readonly nodes: number
}

/** The centres blurred onto a grid: W(ξ) = Σ_k exp(−|c_k − ξ|²/2v₁) for the variance v₁ of the blur. */
export interface Layer {
  readonly spacing: number
  readonly blur: number
  /** Three, of which those that are not there come first and have one node. */
  readonly axes: readonly Axis[]
  /** Address of W. */
  readonly weights: number
}

/** The axes of a grid that goes so many spacings beyond a box. */
export function axesOf(box: Box, spacing: number, outside: number): Axis[] {
  const axes = box.map(({ low, high }) => ({
    origin: low - outside * spacing,
    nodes: Math.ceil((high - low) / spacing) + 2 * outside + 1,
  }))
  return [...Array.from({ length: 3 - box.length }, () => ({ origin: 0, nodes: 1 })), ...axes]
}

export function nodesOf(axes: readonly Axis[]): number {
  return product(axes.map(({ nodes }) => nodes))
}

function product(sizes: number[]): number {
  return sizes.reduce((a, b) => a * b, 1)
}

/**
 * Fills a layer from one of less blur: convolves with the Gaussian of the difference of the variances, axis by axis.
 *
 * @param nats how far down that Gaussian counts
 * @param free from where on the memory may be used meanwhile
 */
export function blurFurther(
  kernels: Float64Kernels,
  below: Layer,
  layer: Layer,
  nats: number,
  free: number,
): void {
  const step = layer.blur - below.blur
  const radius = Math.sqrt(2 * step * nats) / below.spacing
  const factor = below.spacing / Math.sqrt((2 * Math.PI * below.blur * step) / layer.blur)
  const sizes = below.axes.map(({ nodes }) => nodes)
  let from = below.weights
  layer.axes.forEach((axis, i) => {
    const old = below.axes[i]
    if (old.nodes === 1) return
    const count = Math.min(old.nodes, 2 * Math.ceil(radius) + 1)
    const firsts = new Int32Array(axis.nodes)
    const taps = new Float64Array(axis.nodes * count)
    for (let j = 0; j < axis.nodes; j++) {
      // the difference of the origins first: far from 0 their digits are few
      const at = (axis.origin - old.origin + j * layer.spacing) / below.spacing
      firsts[j] = Math.max(0, Math.min(old.nodes - count, Math.round(at - (count - 1) / 2)))
      for (let k = 0; k < count; k++)
        taps[j * count + k] = factor * Math.exp(-(((firsts[j] + k - at) * below.spacing) ** 2) / (2 * step))
    }
    sizes[i] = axis.nodes
    let to = layer.weights
    if (i < 2) {
      to = free
      free += 16 * Math.ceil(product(sizes) / 2)
    }
    reserve(kernels.memory, free + taps.byteLength + firsts.byteLength)
    const { buffer } = kernels.memory
    new Float64Array(buffer, free, taps.length).set(taps)
    new Int32Array(buffer, free + taps.byteLength, firsts.length).set(firsts)
    kernels.resample(
      from,
      to,
      product(sizes.slice(0, i)),
      old.nodes,
      axis.nodes,
      product(sizes.slice(i + 1)),
      free,
      free + taps.byteLength,
      count,
    )
    from = to
  })
}
