import {
  add,
  engine,
  getKernel,
  mul,
  type NamedTensorMap,
  type Tensor,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core'

/** Whether the backend in use has a kernel of this name beyond those of tfjs-core. */
export function hasKernel(name: string): boolean {
  const backend = engine().backendName
  return backend !== null && getKernel(name, backend) !== undefined
}

/** Runs a kernel of the backend by its name. */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: object = {},
): Tensor[] {
  const outputs: Tensor | Tensor[] = engine().runKernel(name, inputs as NamedTensorMap, { ...attributes })
  return Array.isArray(outputs) ? outputs : [outputs]
}

/**
 * Makes sure that no other tensor shares the variable's memory, so that a kernel may change it in place: a variable made from a
 * tensor that still lives, or one that has clones, gets a copy of its own.
 */
export function own(variable: Variable): Variable {
  if (engine().backend.refCount(variable.dataId) > 1) {
    tidy(() => variable.assign(mul(variable, 1)))
  }
  return variable
}

/** Inputs by their numbers: for kernels that take any number of them. */
export function numbered(tensors: readonly Tensor[]): Record<string, Tensor> {
  return tensors as unknown as Record<string, Tensor>
}

/** target ← p · target + q · x for every target and its x, in place where the backend can. */
export function blend(targets: readonly Variable[], xs: readonly Tensor[], p: number, q: number): void {
  if (hasKernel('Blend')) runKernel('Blend', numbered([...targets.map(own), ...xs]), { p, q })
  else tidy(() => targets.forEach((target, k) => void target.assign(add(mul(target, p), mul(xs[k], q)))))
}
