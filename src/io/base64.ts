import { BadInput } from './bad-input.ts'

// arguments of one call of String.fromCharCode
const PART = 8192

/** Bytes as text in base64, in Node and in browsers. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += PART)
    text += String.fromCharCode(...bytes.subarray(at, at + PART))
  return btoa(text)
}

/**
 * The bytes of a text in base64.
 *
 * @param name what to call the text in an error
 * @throws InputError when it is not base64
 */
export function decodeBase64(text: string, name: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    throw new BadInput(name, 'is not base64', 'bytes in base64')
  }
}
