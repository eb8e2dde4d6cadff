import { InputError } from '../errors.ts'

/** What is said where a problem that was made of functions is to be made again from what was recorded of it. */
export function refuseFunction(place: string): InputError {
  return new InputError(
    place,
    'function',
    'a kind that a file can hold: the functions themselves were not recorded, make the problem of them again',
  )
}
