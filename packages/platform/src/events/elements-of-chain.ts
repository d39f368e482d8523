/** An autocaptured element as the API shows it. */
export interface ElementBody {
  tag_name: string
  text?: string
  href?: string
  attr_id?: string
  attr_class: string[]
  nth_child?: number
  nth_of_type?: number
  /** All that the chain has, by its key there. */
  attributes: Record<string, string>
  /** From the innermost, which is 0. */
  order: number
}

const quoted = '"(?:\\\\"|[^"])*"'
const pair = `(attr__[^"=]*|[\\w-]+)=(${quoted})`
const elements = new RegExp(`(?:[^;"]|${quoted})+`, 'g')
// tricky: a class may hold a colon, so the head ends where nothing but pairs follows.
const headAndPairs = new RegExp(`^(.*?)(?::((?:${pair})*))?$`, 's')
const pairs = new RegExp(pair, 'g')

/**
 * The elements of a chain, innermost first.
 *
 *     elementsOfChain('a.link:href="/x"nth-child="1";div:')[0]  // { tag_name: 'a', href: '/x', attr_class: ['link'], nth_child: 1, … }
 */
export function elementsOfChain(chain: string): ElementBody[] {
  return (chain.match(elements) ?? []).map((element, order) => {
    const [, head = '', rest = ''] = headAndPairs.exec(element) ?? []
    const [tag_name = '', ...attr_class] = head.split('.')
    const attributes = Object.fromEntries(
      [...rest.matchAll(pairs)].map(([, key = '', value = '']) => [key, value.slice(1, -1).replaceAll('\\"', '"')]),
    )
    const { text, href, attr_id, 'nth-child': child, 'nth-of-type': ofType } = attributes
    return {
      tag_name,
      ...(text === undefined ? {} : { text }),
      ...(href === undefined ? {} : { href }),
      ...(attr_id === undefined ? {} : { attr_id }),
      attr_class: attr_class.filter((name) => name !== ''),
      ...(child === undefined ? {} : { nth_child: Number(child) }),
      ...(ofType === undefined ? {} : { nth_of_type: Number(ofType) }),
      attributes,
      order,
    }
  })
}
