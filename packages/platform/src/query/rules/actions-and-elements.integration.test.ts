import { describe, expect, test } from 'vitest'
import { askedProject, event, type Json } from './asked-project.fixture.ts'

const clicked = (id: string, elements_chain: string, properties: Json = {}) =>
  event('$autocapture', id, '2024-03-15T10:00:00Z', properties, { elements_chain })

type Actions = [name: string, steps: Json[], matched: string]
const actions: Actions[] = [
  ['capitals count in addresses', [{ url: 'shop.com' }], '2 4'],
  ['a contained address is a pattern', [{ url: 'shop%cart', url_matching: 'contains' }], '2'],
  ['exactly this address', [{ url: 'https://shop.com/', url_matching: 'exact' }], '4'],
  ['address by regular expression', [{ url: '^https://[a-z]+\\.com/$', url_matching: 'regex' }], '4'],
  ['text', [{ event: '$autocapture', text: 'Pay' }], '2'],
  ['contained text, in whatever case', [{ event: '$autocapture', text: 'SIGN', text_matching: 'contains' }], '1'],
  ['text by regular expression', [{ event: '$autocapture', text: '^B.y', text_matching: 'regex' }], '2'],
  ['contained link, in whatever case', [{ event: '$autocapture', href: 'SIGN', href_matching: 'contains' }], '1'],
  ['selector', [{ event: '$autocapture', selector: 'div.box > a.link' }], '1'],
  ['all of a step', [{ event: '$autocapture', tag_name: 'a', text: 'Pay', href: '/pay;now' }], '2'],
  ['any step', [{ event: '$pageview' }, { event: '$autocapture', tag_name: 'button' }], '2 4'],
  ['elements count of autocapture alone', [{ event: '$pageview', selector: '.nothing', text: 'x', tag_name: 'b', href: '/q' }], '4'],
  ['nor without an event', [{ selector: '.nothing' }], '1 2 3 4'],
]

const ask = askedProject({
  now: '2024-03-15T12:00:00Z',
  events: [
    clicked(
      '1',
      'a.link.small:attr__data-x="1"href="/sign-up"nth-child="2"nth-of-type="1"text="Sign Up";div.box:attr_id="top"nth-child="1";body:',
      { $current_url: 'https://Shop.com/Cart' },
    ),
    clicked('2', 'button.btn:text="Buy Now!"nth-child="1";a:href="/pay;now"text="Pay";form:', { $current_url: 'https://shop.com/cart' }),
    clicked('3', 'svg:;span.link:text="say \\"hi\\""'),
    event('$pageview', '4', '2024-03-15T10:00:00Z', { $current_url: 'https://shop.com/' }),
  ],
  actions: actions.map(([name, steps], i) => ({ id: i + 1, name, steps })),
})

async function matching(fields: Json): Promise<string> {
  const { results } = await ask({ kind: 'EventsQuery', select: ['distinct_id'], orderBy: ['distinct_id'], ...fields })
  return (results as string[][]).flat().join(' ')
}

test.each(actions.map(([name, , matched], i) => [name, matched, i + 1] as const))('%s', async (_, matched, actionId) => {
  expect(await matching({ actionId })).toBe(matched)
})

describe('elements', () => {
  test.each<[string, string, unknown, string]>([
    ['tag_name', 'exact', ['button', 'svg'], '2 3'],
    ['tag_name', 'is_not', ['button', 'svg'], '1 4'],
    ['selector', 'exact', 'form > a', '2'],
    ['selector', 'exact', 'form > button', ''],
    ['selector', 'exact', '#top', '1'],
    ['selector', 'exact', 'a:nth-child(2)', '1'],
    ['selector', 'exact', '.lin', ''],
    ['selector', 'is_not', '.link', '2 4'],
    ['href', 'exact', '/pay;now', '2'],
    ['href', 'is_not', '/sign-up', '2 3 4'],
    ['href', 'regex', '^/', '1 2'],
    ['text', 'exact', ['Pay', 'say "hi"'], '2 3'],
    ['text', 'icontains', 'BUY', '2'],
  ])('%s %s %j', async (key, operator, value, expected) => {
    expect(await matching({ properties: [{ type: 'element', key, operator, value }] })).toBe(expected)
  })

  test('the chain itself', async () => {
    expect(await matching({ properties: [{ type: 'event', key: '$elements_chain', operator: 'icontains', value: 'BTN' }] })).toBe('2')
  })

  test('come with the event', async () => {
    const { results } = await ask({ kind: 'EventsQuery', where: ["distinct_id = '2'"] })
    expect(results[0][0].elements).toMatchObject([
      { tag_name: 'button', text: 'Buy Now!', attr_class: ['btn'], nth_child: 1, order: 0 },
      { tag_name: 'a', text: 'Pay', href: '/pay;now', order: 1 },
      { tag_name: 'form', order: 2 },
    ])
  })

  test('texts without the backslashes of the chain, in HogQL too', async () => {
    const query = "SELECT elements_chain_texts, elements_chain_href FROM events WHERE distinct_id IN ('2', '3') ORDER BY distinct_id"
    expect((await ask({ kind: 'HogQLQuery', query })).results).toEqual([
      [['Buy Now!', 'Pay'], '/pay;now'],
      [['say "hi"'], ''],
    ])
  })
})
