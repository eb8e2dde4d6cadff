import { InputError } from '../errors.ts'

/**
 * An InputError about something that is said in words where showing a value would not help: a file, a place in a
 * file, an option that does not fit. Its sentence is "subject problem; expected expectation."
 *
 * @example throw new BadInput('points.csv', 'is a folder', 'a file')
 */
export class BadInput extends InputError {
  constructor(subject: string, problem: string, expected: string) {
    super(subject, problem, expected)
    this.message = `${oneLine(subject)} ${oneLine(problem)}; expected ${oneLine(expected)}.`
  }
}

const LONGEST = 300

// file names and cells come from outside: no line breaks or control characters in a sentence
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/gu, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}
