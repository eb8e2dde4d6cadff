import { cdFixedPoint, ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { exact } from '../../src/exact/exact.ts'
import type { MethodName } from '../state/state.ts'

// nodes that are enough for a picture and three digits
const NODES = { ct: 1201, 'ct-l1': 401 }

/** The package's method behind a name of the page. */
export function methodOf(name: MethodName, intervals: number): Method {
  switch (name) {
    case 'exact':
      return exact()
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
