import { InputError, oneLine } from '../errors.ts'

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
