const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * `JSON.parse`, but whole numbers that would lose digits become text, digit for digit.
 *
 * @example parseJson('[1, 18446744073709551615]') // [1, '18446744073709551615']
 */
export function parseJson(text: string): unknown {
  return JSON.parse(/\d{16}/.test(text) ? text.replace(token, quoteIfLong) : text)
}

function quoteIfLong(found: string): string {
  if (found.length < 16 || found.startsWith('"') || !/^-?\d+$/.test(found)) return found
  return String(Number(found)) === found ? found : `"${found}"`
}
