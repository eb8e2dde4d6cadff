import { ConstantNode, type MathNode, SymbolNode } from 'mathjs/number'
import { usedSymbols } from '../../expression/expression.ts'
import { breakTimes, timeFormula } from '../../expression/range/breaks.ts'
import type { DriftPlaces } from '../process.ts'
import { DRIFT } from './drift-formulas.ts'

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
