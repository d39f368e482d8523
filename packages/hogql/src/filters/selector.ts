import { HogqlError } from '../errors.ts'

/** One compound of a selector, `a.b#c[d="e"]`, and how the one to its right hangs on it. */
interface Part {
  tag: string
  classes: string[]
  /** Name in the chain → value; undefined where the attribute only has to be there. */
  attributes: Map<string, string | undefined>
  /** The part to the right is its child, not only inside of it. */
  isParent: boolean
}

// The chain, innermost element first: tag.class.class:key="value"key="value";tag…, classes and keys sorted, quotes escaped.
const quoted = '"(?:[^"\\\\]|\\\\.)*"'
const pairs = `(?:[^;"=]+=${quoted})*`
const restOfElement = `(?:[^;"]|${quoted})*`

/**
 * A CSS-like selector as regular expressions (RE2) over `elements_chain`; alternatives after commas are one each. Any element of the
 * chain may be the one that is selected. Tags, `.class`, `#id`, `[attribute="value"]`, `:nth-child(n)`, `:nth-of-type(n)`; parts
 * inside one another by a blank or by `>`. @throws HogqlError that names what cannot be read.
 */
export function selectorPatterns(selector: string): string[] {
  return alternatives(selector).map((text) => patternOf(readParts(text, selector)))
}

function patternOf(parts: Part[]): string {
  const [last, ...outer] = parts.reverse()
  if (!last) return '^$'
  const rest = outer.map((part) => `;${part.isParent ? '' : `(?:${restOfElement};)*`}${elementPattern(part)}`)
  return `(?:^|;)${elementPattern(last)}${rest.join('')}(?:;|$)`
}

function elementPattern({ tag, classes, attributes }: Part): string {
  const name = tag === '' || tag === '*' ? '[^.:;"]*' : escaped(tag)
  const head = inAnyOrder([...new Set(classes)].map((each) => `(?:[.:][^;"]*)?\\.${escaped(each)}`))
  if (attributes.size === 0) return `${name}${head}(?:[.:]${restOfElement})?`
  const keys = [...attributes].map(([key, value]) => {
    const wanted = value === undefined ? quoted : `"${escaped(value.replaceAll('"', '\\"'))}"`
    return `${pairs}${escaped(key)}=${wanted}`
  })
  return `${name}${head}(?:\\.[^;"]*)?:${inAnyOrder(keys)}${restOfElement}`
}

/** why: both are sorted in the chain, but SDKs differ in how. Many patterns are tried in one order alone, as given by their text. */
function inAnyOrder(patterns: string[]): string {
  if (patterns.length > 3) return patterns.sort().join('')
  const orders = permutations(patterns)
  return orders.length > 1 ? `(?:${orders.map((order) => order.join('')).join('|')})` : patterns.join('')
}

function permutations(items: string[]): string[][] {
  if (items.length <= 1) return [items]
  return items.flatMap((item, i) => permutations(items.filter((_, k) => k !== i)).map((rest) => [item, ...rest]))
}

const escaped = (text: string): string => text.replace(/[^A-Za-z0-9_-]/g, (found) => (found.charCodeAt(0) < 128 ? `\\${found}` : found))

/** Split at commas outside of brackets and quotes. */
function alternatives(selector: string): string[] {
  const parts: string[] = ['']
  for (const [token] of selector.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\s\S]/g)) {
    if (token === ',') parts.push('')
    else parts[parts.length - 1] += token
  }
  return parts.map((part) => part.trim())
}

const tagName = /(\*|[A-Za-z][A-Za-z0-9-]*)/y
const className = /\.((?:[^\s.#[\]:>+~,()"'\\]|\\.)+)/y
const idName = /#((?:[^\s.#[\]:>+~,()"'\\]|\\.)+)/y
const attribute = /\[\s*([A-Za-z0-9_:@.-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\]"'\s]+)\s*)?\]/y
const nth = /:(nth-child|nth-of-type)\(\s*(\d+)\s*\)/y
const combinator = /\s*>\s*|\s+/y

function readParts(text: string, whole: string): Part[] {
  const parts: Part[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found ?? undefined
  }
  const refuse = () =>
    new HogqlError(
      'invalid_value',
      `The selector "${whole.slice(0, 200)}" cannot be read at "${text.slice(at, at + 20)}"; it can have tags, .class, #id, [attribute="value"], :nth-child(n), and > or blanks between`,
    )
  do {
    const start = at
    const part: Part = { tag: take(tagName)?.[1] ?? '', classes: [], attributes: new Map(), isParent: false }
    while (readSimple(part, take)) {
      // Each takes one piece.
    }
    if (at === start) throw refuse()
    parts.push(part)
    const between = take(combinator)
    if (between && at < text.length) part.isParent = between[0].includes('>')
    else if (at < text.length || between) throw refuse()
  } while (at < text.length)
  return parts
}

function readSimple(part: Part, take: (pattern: RegExp) => RegExpExecArray | undefined): boolean {
  const name = take(className)
  if (name) return part.classes.push(unescaped(name[1] ?? '')) > 0
  const id = take(idName)
  if (id) return part.attributes.set('attr_id', unescaped(id[1] ?? '')).size > 0
  const position = take(nth)
  if (position) return part.attributes.set(position[1] ?? '', position[2]).size > 0
  const given = take(attribute)
  if (!given) return false
  const value = given[2]
  return part.attributes.set(keyOf(given[1] ?? ''), value === undefined ? undefined : unescaped(value.replace(/^["']|["']$/g, ''))).size > 0
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1')

/** Under which key an attribute stands in the chain. */
function keyOf(name: string): string {
  if (name === 'id') return 'attr_id'
  return ['href', 'text', 'nth-child', 'nth-of-type', 'attr_id'].includes(name) || name.startsWith('attr__') ? name : `attr__${name}`
}
