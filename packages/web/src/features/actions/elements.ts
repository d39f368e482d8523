/** One element of a chain, as it was captured. */
export interface ChainElement {
  tag: string
  classes: string[]
  text: string | undefined
  href: string | undefined
  id: string | undefined
  /** The first `data-…` attribute that has a value. */
  data: { name: string; value: string } | undefined
}

const quoted = '"(?:[^"\\\\]|\\\\.)*"'
const keys = 'attr__[^"=;]*|attr_id|nth-child|nth-of-type|text|href'
// tricky: classes may hold colons; what follows the right one is attributes alone.
const elementForm = new RegExp(`^(.*?)(?::((?:(?:${keys})=${quoted})*))?$`, 's')
const pairForm = new RegExp(`(${keys})=(${quoted})`, 'gs')
const elementsForm = new RegExp(`(?:[^;"]|${quoted})+`, 'gs')

/** Reads `button.primary:text="Buy"nth-child="1";form:…`, innermost first. What cannot be read is passed over. */
export function parseChain(chain: string): ChainElement[] {
  return (chain.match(elementsForm) ?? []).map((text) => {
    const [, head = '', pairs = ''] = elementForm.exec(text) ?? []
    const [tag = '', ...classes] = head.split('.')
    const attributes = new Map(
      [...pairs.matchAll(pairForm)].map(([, key = '', value = '']) => [key, value.slice(1, -1).replaceAll('\\"', '"')]),
    )
    const given = (name: string) => attributes.get(name) || undefined
    const data = [...attributes].find(([key, value]) => key.startsWith('attr__data-') && value !== '')
    return {
      tag,
      classes: classes.filter((name) => name !== ''),
      text: given('text'),
      href: given('attr__href') ?? given('href'),
      id: given('attr__id') ?? given('attr_id'),
      data: data && { name: data[0].slice('attr__'.length), value: data[1] },
    }
  })
}

const pressed = new Set(['a', 'button', 'input', 'select', 'textarea', 'label', 'form'])

/** The element that somebody meant: a click on the icon in a button is a click on the button. */
export function meantElement(chain: readonly ChainElement[]): ChainElement | undefined {
  const meant = chain.find(({ tag, data }) => pressed.has(tag) || data?.name === 'data-attr') ?? chain[0]
  return meant && { ...meant, text: meant.text ?? chain.find(({ text }) => text !== undefined)?.text }
}

const inSelector = (value: string) => `"${value.replaceAll('"', '\\"')}"`

/** The steadiest way to name an element: by an attribute that was given for it, its id, or its classes. */
export function selectorOf({ tag, classes, id, data }: ChainElement): string | undefined {
  if (data) return `[${data.name}=${inSelector(data.value)}]`
  if (id !== undefined) return /^[\w-]+$/.test(id) ? `#${id}` : `[id=${inSelector(id)}]`
  const plain = classes.filter((name) => /^[A-Za-z_][\w-]*$/.test(name)).slice(0, 3)
  return plain.length > 0 ? `${tag}${plain.map((name) => `.${name}`).join('')}` : undefined
}

/** An element that really came, to choose from. */
export interface ElementChoice {
  key: string
  tag: string
  text: string | undefined
  href: string | undefined
  selector: string | undefined
  /** Whether the selector names an attribute or an id that was given for the element, rather than how it looks. */
  isSteady: boolean
  events: number
  /** A page on which it was. */
  url: string | undefined
}

export interface SeenChain {
  chain: string
  events: number
  url: string | undefined
}

/** Chains of events put together by the element that was meant, the commonest first. */
export function elementChoices(rows: readonly SeenChain[]): ElementChoice[] {
  const choices = new Map<string, ElementChoice>()
  for (const { chain, events, url } of rows) {
    const element = meantElement(parseChain(chain))
    if (!element) continue
    const { tag, text, href } = element
    const selector = selectorOf(element)
    const key = JSON.stringify([tag, text, href, selector])
    const known = choices.get(key)
    if (known) known.events += events
    else choices.set(key, { key, tag, text, href, selector, isSteady: Boolean(element.data ?? element.id), events, url })
  }
  return [...choices.values()].sort((one, other) => other.events - one.events)
}

/** Addresses without what follows the path, the commonest first. */
export function urlChoices(rows: readonly { url: string; events: number }[]): { url: string; events: number }[] {
  const counts = new Map<string, number>()
  for (const { url, events } of rows) {
    const whole = url.split(/[?#]/)[0] ?? ''
    if (whole !== '') counts.set(whole, (counts.get(whole) ?? 0) + events)
  }
  return [...counts].map(([url, events]) => ({ url, events })).sort((one, other) => other.events - one.events)
}
