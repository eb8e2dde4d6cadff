import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Writes what stands between two comments of a page anew.
 *
 * @param open,close the comments
 */
export function writeBlock(page, open, close, body) {
  const text = readFileSync(page, 'utf8')
  if (!text.includes(open) || !text.includes(close)) throw new Error(`${page} has no place for ${open}`)
  const [head, rest] = text.split(open)
  writeFileSync(page, `${head}${open}\n${body}\n${close}${rest.split(close)[1]}`)
}
