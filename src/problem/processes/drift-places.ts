import { ConstantNode, type MathNode, SymbolNode } from 'mathjs/number'
import { usedSymbols } from '../../expression/expression.ts'
import { breakTimes, timeFormula } from '../../expression/range/breaks.ts'
import { DRIFT } from './drift-formulas.ts'

/** Where a drift on the line is anything but smooth. */
export interface DriftPlaces {
  /** Whether the drift depends on t. */
  readonly timed: boolean
  /**
   * Places between two others, ascending, where b(t, ·) jumps or has a corner, and ends of the pieces into which it has to be cut before samples
   * show what it does; null where they are too many to list.
   */
  places(t: number, low: number, high: number): readonly number[] | null
}

/** Those of a formula in t and one coordinate, found in its syntax tree as jumps and pulses in time are. */
export function driftPlaces(node: MathNode, symbol: string): DriftPlaces {
  return {
    timed: usedSymbols([node]).has('t'),
    places(t, low, high) {
      const frozen = node.transform((part) => {
        if (part.type !== 'SymbolNode') return part
        const { name } = part as SymbolNode
        if (name === 't') return new ConstantNode(t)
        return name === symbol ? new SymbolNode('t') : part
      })
      return breakTimes([timeFormula(frozen, DRIFT)], low, high)
    },
  }
}
