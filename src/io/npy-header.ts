import { BadInput } from './bad-input.ts'

/** What the header of an .npy file says. */
export interface NpyHeader {
  /** The type of the values as NumPy writes it, such as '<f8'. */
  readonly descr: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
}

// a key, and a value of one of the three forms that occur: a text, True or False, a tuple of whole numbers (Python 2: 3L)
const ENTRY =
  /\s*(?<quote>['"])(?<key>\w+)\k<quote>\s*:\s*(?:(?<mark>['"])(?<text>[<>|=]?\w+)\k<mark>|(?<flag>True|False)|\((?<tuple>[\d\s,L]*)\))\s*(?:,|(?=\}))/y

/**
 * Reads the Python dictionary in an .npy header, such as `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`,
 * and nothing else: no expression is evaluated.
 *
 * @throws InputError when the text is not such a dictionary with each of the three entries once
 */
export function parseNpyHeader(text: string, name: string): NpyHeader {
  const open = /^\s*\{/.exec(text)
  const found = new Map<string, Record<string, string | undefined>>()
  let at = open?.[0].length ?? text.length
  while (found.size < 3) {
    ENTRY.lastIndex = at
    const groups = ENTRY.exec(text)?.groups
    if (groups === undefined || found.has(groups.key)) break
    found.set(groups.key, groups)
    at = ENTRY.lastIndex
  }
  const descr = found.get('descr')?.text
  const flag = found.get('fortran_order')?.flag
  const shape = parseTuple(found.get('shape')?.tuple)
  if (descr === undefined || flag === undefined || shape === null || text.slice(at).trim() !== '}') {
    const shown = JSON.stringify(text.trim().slice(0, 80))
    throw new BadInput(name, `has the header ${shown}`, "the entries 'descr', 'fortran_order' and 'shape'")
  }
  return { descr, fortranOrder: flag === 'True', shape }
}

// a Python tuple without its brackets: nothing, '3,', '3, 2' or '3, 2,'
function parseTuple(text: string | undefined): number[] | null {
  if (text === undefined) return null
  if (text.trim() === '') return []
  if (!/^\s*\d{1,15}L?\s*,(?:\s*\d{1,15}L?\s*,)*(?:\s*\d{1,15}L?)?\s*$/.test(text)) return null
  const parts = text.split(',').map((part) => part.replace('L', '').trim())
  return parts.filter((part) => part !== '').map(Number)
}
