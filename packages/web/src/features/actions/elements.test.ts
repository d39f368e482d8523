import { describe, expect, test } from 'vitest'
import { elementChoices, meantElement, parseChain, selectorOf, urlChoices } from './elements.ts'

const button =
  'button.primary.hover:wide:attr__class="primary hover:wide"attr__data-attr="buy"nth-child="1"nth-of-type="1"text="Buy; \\"now\\""'

describe('a chain', () => {
  test('is read element by element, whatever stands in its texts', () => {
    expect(parseChain(`svg:nth-child="1"nth-of-type="1";${button};div`)).toEqual([
      { tag: 'svg', classes: [], text: undefined, href: undefined, id: undefined, data: undefined },
      {
        tag: 'button',
        classes: ['primary', 'hover:wide'],
        text: 'Buy; "now"',
        href: undefined,
        id: undefined,
        data: { name: 'data-attr', value: 'buy' },
      },
      { tag: 'div', classes: [], text: undefined, href: undefined, id: undefined, data: undefined },
    ])
  })

  test.each(['', ';;', '"', ':::', 'a:href="', '<script>alert(1)</script>'])('%j breaks nothing', (chain) => {
    expect(() => elementChoices([{ chain, events: 1, url: undefined }])).not.toThrow()
  })
})

test('a click on the icon in a button is a click on the button', () => {
  expect(meantElement(parseChain(`path:nth-child="1";svg:nth-child="1";${button}`))?.tag).toBe('button')
  expect(meantElement(parseChain('span:text="Hi";div:nth-child="2"'))).toMatchObject({ tag: 'span', text: 'Hi' })
})

test.each([
  [button, '[data-attr="buy"]'],
  ['a.link:attr__id="top"', '#top'],
  ['a:attr__id="a b"', '[id="a b"]'],
  ['a.link.big.md:w-4:href="/x"', 'a.link.big'],
  ['a:href="/x"', undefined],
])('%s is named %s', (chain, selector) => {
  const [element] = parseChain(chain)
  expect(element && selectorOf(element)).toBe(selector)
})

test('what is alike is counted together', () => {
  const rows = [
    { chain: 'a:attr__href="/pricing"text="Prices";div:nth-child="1"', events: 2, url: 'https://x.example/' },
    { chain: button, events: 4, url: undefined },
    { chain: 'span:nth-child="1";a:attr__href="/pricing"text="Prices";nav', events: 3, url: undefined },
  ]
  expect(elementChoices(rows).map(({ tag, text, href, events, isSteady }) => [tag, text, href, events, isSteady])).toEqual([
    ['a', 'Prices', '/pricing', 5, false],
    ['button', 'Buy; "now"', undefined, 4, true],
  ])
})

test('addresses are told without their query', () => {
  expect(
    urlChoices([
      { url: 'https://x.example/a?q=1', events: 1 },
      { url: 'https://x.example/b', events: 2 },
      { url: 'https://x.example/a#top', events: 2 },
    ]),
  ).toEqual([
    { url: 'https://x.example/a', events: 3 },
    { url: 'https://x.example/b', events: 2 },
  ])
})
