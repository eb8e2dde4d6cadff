/** The name of the warnings below, by which a listener of Node's knows them. */
export const WARNING = 'ComputationWarning'

const said = new Set<string>()

/** Says, once, that something is done in another way than was asked for: with Node's `process.emitWarning`, or on the console. */
export function warn(sentence: string): void {
  if (said.has(sentence)) return
  said.add(sentence)
  if (typeof process !== 'undefined' && process.emitWarning) process.emitWarning(sentence, WARNING)
  else console.warn(sentence)
}
