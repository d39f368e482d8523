const token = /"(?:[^"\\]|\\[\s\S])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
/** A surrogate pair, a lone surrogate, or any other escape. */
const escaped = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u([dD][89a-fA-F][\da-fA-F]{2})|\\[\s\S]/g
const suspicious = /\d{19}|[eE]\+?\d{3}|\\u[dD][89a-fA-F]/
const greatest = 18_446_744_073_709_551_615n
const least = -9_223_372_036_854_775_808n

/**
 * JSON text with everything in it that ClickHouse's parser refuses said in another way: whole numbers beyond 64 bits
 * in exponent form, numbers beyond a double as the greatest double, lone surrogates as U+FFFD. Text that has none of them
 * comes back as it is, after one quick look.
 *
 * @example storableJson('{"a":100000000000000000000}') // '{"a":1e+20}'
 */
export function storableJson(text: string): string {
  return suspicious.test(text) ? text.replace(token, storableToken) : text
}

function storableToken(found: string): string {
  if (found.startsWith('"')) return found.includes('\\u') ? found.replace(escaped, storableEscape) : found
  if (/^-?\d+$/.test(found)) {
    if (found.length < 19) return found
    const whole = BigInt(found)
    return whole > greatest || whole < least ? storableDouble(Number(found)) : found
  }
  return Number.isFinite(Number(found)) ? found : storableDouble(Number(found))
}

function storableDouble(value: number): string {
  const finite = Number.isFinite(value) ? value : Math.sign(value) * Number.MAX_VALUE
  return finite.toExponential()
}

function storableEscape(found: string, lone: string | undefined): string {
  return lone === undefined ? found : '\\ufffd'
}
