import { RE2JS } from 're2js'

/** Longest regular expression that is tried; a longer one counts as invalid. */
export const maxPatternLength = 2_000
/** Compiled patterns kept. */
const maxPatterns = 2_000

/** Whether text contains a match. */
export type Pattern = (text: string) => boolean

const known = new Map<string, Pattern | undefined>()

/**
 * A regular expression in RE2's syntax, which takes time in proportion to the text, whatever the pattern; undefined for one that it
 * does not accept. Patterns are remembered.
 */
export function compilePattern(source: string): Pattern | undefined {
  if (known.has(source)) return known.get(source)
  if (known.size >= maxPatterns) known.clear()
  const pattern = literalPattern(source) ?? linearPattern(source)
  known.set(source, pattern)
  return pattern
}

const literal = /^(\^?)((?:[\w @/:;,=~#%&!<>'"-]|\\[.\-/@+_:])*)(\$?)$/

/** why: most patterns are a literal with anchors, for which the engine would cost fifty times as much. */
function literalPattern(source: string): Pattern | undefined {
  const match = literal.exec(source)
  if (!match || /[^\x20-\x7e]/.test(source)) return undefined
  const [, start, body = '', end] = match
  const text = body.replace(/\\(.)/g, '$1')
  if (start && end) return (value) => value === text
  if (start) return (value) => value.startsWith(text)
  if (end) return (value) => value.endsWith(text)
  return (value) => value.includes(text)
}

function linearPattern(source: string): Pattern | undefined {
  if (source.length > maxPatternLength) return undefined
  try {
    const compiled = RE2JS.compile(source)
    return (value) => compiled.test(value)
  } catch {
    // why: whatever the engine refuses, or cannot hold in its memory limit, is an invalid pattern.
    return undefined
  }
}
