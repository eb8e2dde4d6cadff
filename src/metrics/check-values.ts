import { InputError } from '../errors.ts'

/** @throws InputError unless values is an array of the given length, in `unit`, such as "n·d, as the truth" */
export function checkLength(name: string, values: ArrayLike<number>, length: number, unit: string): void {
  if (values?.length !== length)
    throw new InputError(
      name,
      values?.length === undefined ? values : `${values.length} values`,
      `${length} values: ${unit}`,
    )
}

/** @throws InputError unless values are numbers in [low, ∞), or finite ones */
export function checkEach(name: string, values: ArrayLike<number>, low = -Infinity): void {
  for (let i = 0; i < values.length; i++)
    if (!(Number.isFinite(values[i]) && values[i] >= low))
      throw new InputError(
        `${name}[${i}]`,
        values[i],
        low === -Infinity ? 'a finite number' : `a finite number, at least ${low}`,
      )
}
