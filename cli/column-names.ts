import { parse } from 'csv-parse/sync'
import { BadInput } from '../src/io/bad-input.ts'

/**
 * Names of columns separated by commas, in quotation marks where a name has a comma.
 *
 * @param option what to call the list in an error
 * @throws InputError for an empty name
 */
export function columnNames(list: string, option: string): string[] {
  const parts = rows(list)
  if (parts.length === 1 && parts[0].every((name) => name !== '')) return parts[0]
  throw new BadInput(option, `is ${JSON.stringify(list)}`, 'names separated by commas')
}

function rows(list: string): string[][] {
  try {
    return parse(list, { trim: true })
  } catch {
    return []
  }
}
