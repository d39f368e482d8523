/** A piece of a text that need not be a query yet. */
export interface Token {
  kind: 'word' | 'quoted' | 'text' | 'number' | 'sign' | 'comment'
  /** As it stands; of a quoted name what it names. */
  value: string
  start: number
  end: number
  /** Begun and not ended: the text stops inside of it. */
  isOpen: boolean
}

const pattern =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>'(?:[^'\\]|\\.|'')*(?:'|$))|(?<quoted>`(?:[^`\\]|\\.|``)*(?:`|$)|"(?:[^"\\]|\\.|"")*(?:"|$))|(?<word>[A-Za-z_$][\w$]*)|(?<number>\d[\w.]*)|(?<sign>[^\s\w])/g

/** The tokens of a text, whatever state it is in: nothing is ever refused. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(pattern)].map((found) => {
    const [whole] = found
    const kind = kinds.find((each) => found.groups?.[each] !== undefined) ?? 'sign'
    const end = found.index + whole.length
    return { kind, value: kind === 'quoted' ? nameIn(whole) : whole, start: found.index, end, isOpen: isOpen(kind, whole) }
  })
}

const kinds = ['comment', 'text', 'quoted', 'word', 'number', 'sign'] as const

const nameIn = (quoted: string): string =>
  quoted.replace(/^[`"]|[`"]$/g, '').replace(/``|""|\\(.)/g, (found, plain) => plain ?? found.charAt(0))

function isOpen(kind: Token['kind'], whole: string): boolean {
  if (kind === 'comment') return whole.startsWith('--') || !whole.endsWith('*/')
  return (kind === 'text' || kind === 'quoted') && (whole.length < 2 || whole.at(-1) !== whole.charAt(0))
}
