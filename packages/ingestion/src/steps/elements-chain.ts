import { isRecord, truncate } from '../draft.ts'

/** limit: as in the SDKs that build the chain themselves. */
const maxTextLength = 400
const maxHrefLength = 2_048

/**
 * The chain of autocaptured elements, innermost first: `tag.class1.class2:attr="value"attr2="value2";…`.
 * Classes and attributes are sorted; quotes inside values are escaped with a backslash.
 *
 *     elementsChainOf([{ tag_name: 'a', attr__href: '/x', nth_child: 1 }])
 *     // a:attr__href="/x"href="/x"nth-child="1"nth-of-type="0"
 */
export function elementsChainOf(elements: readonly unknown[]): string {
  return elements.filter(isRecord).map(elementText).join(';')
}

function elementText(element: Record<string, unknown>): string {
  const tag = typeof element.tag_name === 'string' ? element.tag_name : ''
  const classes = classesOf(element).map((name) => `.${name}`)
  const attributes = Object.entries(attributesOf(element))
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => `${key}="${value}"`)
  return `${tag}${classes.join('')}:${attributes.join('')}`
}

function classesOf(element: Record<string, unknown>): string[] {
  const given = element.attr__class ?? element.classes ?? element.attr_class
  const names = Array.isArray(given) ? given.map(String) : typeof given === 'string' ? given.split(/\s+/) : []
  return names
    .map((name) => name.replaceAll('"', ''))
    .filter((name) => name !== '')
    .sort(compareText)
}

function attributesOf(element: Record<string, unknown>): Record<string, string> {
  const text = element.$el_text ?? element.text
  const href = element.attr__href ?? element.href
  const id = element.attr__id ?? element.attr_id
  const attributes: Record<string, string> = {
    'nth-child': String(element.nth_child ?? 0),
    'nth-of-type': String(element.nth_of_type ?? 0),
  }
  if (text !== undefined && text !== null) attributes.text = escapeQuotes(truncate(String(text), maxTextLength))
  if (href !== undefined && href !== null) attributes.href = escapeQuotes(truncate(String(href), maxHrefLength))
  if (id !== undefined && id !== null) attributes.attr_id = escapeQuotes(String(id))
  for (const [key, value] of Object.entries(element)) {
    if (key.startsWith('attr__') && value !== undefined && value !== null) attributes[escapeQuotes(key)] = escapeQuotes(String(value))
  }
  return attributes
}

const escapeQuotes = (text: string): string => text.replaceAll('"', '\\"')

const collator = new Intl.Collator('en')
const compareText = (a: string, b: string): number => collator.compare(a, b)
