import { BadInput } from './bad-input.ts'
import { readBytes } from './read-bytes.ts'
import { decodeText } from './text.ts'

const DEEPEST = 100

/**
 * The value of a JSON text.
 *
 * @param name what to call the file in an error
 * @throws InputError when the text is empty, is not JSON, or nests deeper than 100 levels
 */
export function parseJson(text: string, name: string): unknown {
  if (text.trim() === '') throw new BadInput(name, 'is empty', 'JSON')
  checkDepth(text, name)
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new BadInput(name, `is not JSON (${reason(error, text)})`, 'a valid JSON file')
  }
}

/**
 * The value of a JSON file.
 *
 * @throws InputError naming the file when it is missing, a folder, unreadable, empty or no JSON
 */
export async function readJson(path: string): Promise<unknown> {
  return parseJson(decodeText(await readBytes(path), path), path)
}

/** A time as JSON has it: ∞ as the word "Infinity", which JSON has no number for. */
export function timeInJson(time: number): number | 'Infinity' {
  return time === Infinity ? 'Infinity' : time
}

// JSON.parse itself stands any depth, what walks its result later does not
function checkDepth(text: string, name: string): void {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === 0x5c) i++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > DEEPEST)
        throw new BadInput(name, `nests deeper than ${DEEPEST} levels`, 'a plain JSON file')
    } else if (code === 0x5d || code === 0x7d) depth--
  }
}

// V8's reason with a line number, without the excerpt of the file that it adds
function reason(error: SyntaxError, text: string): string {
  const [what] = error.message.split(/,? (?:\.\.\.)?"| in JSON| at position/)
  const position = /at position (\d+)/.exec(error.message)?.[1]
  return position === undefined
    ? what
    : `${what} in line ${text.slice(0, Number(position)).split('\n').length}`
}
