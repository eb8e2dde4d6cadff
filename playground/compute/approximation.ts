import { cdFixedPoint, ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import type { MethodName } from '../state/state.ts'

// nodes that are enough for a picture and three digits
const NODES = { ct: 1201, 'ct-l1': 401 }

/** The package's method behind a name of the page; the exact map is that of `Data`. */
export function methodOf(name: Exclude<MethodName, 'exact'>, intervals: number): Method {
  switch (name) {
    case 'cd-euler':
      return cdFixedPoint({ intervals, solver: 'euler' })
    case 'cd-heun':
      return cdFixedPoint({ intervals, solver: 'heun' })
    case 'ct':
      return ctFixedPoint({ intervals, nodes: NODES.ct })
    case 'ct-l1':
      return ctFixedPoint({ intervals, metric: 'l1', nodes: NODES['ct-l1'] })
  }
}
