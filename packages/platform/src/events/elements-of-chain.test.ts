import { expect, test } from 'vitest'
import { elementsOfChain } from './elements-of-chain.ts'

test('elements, innermost first, with what the chain says of them', () => {
  const chain = 'a.link.md:flex:attr__data-x="1"href="/pay;now"nth-child="2"nth-of-type="1"text="say \\"hi\\"";div:attr_id="top";body'
  expect(elementsOfChain(chain)).toEqual([
    {
      tag_name: 'a',
      text: 'say "hi"',
      href: '/pay;now',
      attr_class: ['link', 'md:flex'],
      nth_child: 2,
      nth_of_type: 1,
      attributes: { 'attr__data-x': '1', href: '/pay;now', 'nth-child': '2', 'nth-of-type': '1', text: 'say "hi"' },
      order: 0,
    },
    { tag_name: 'div', attr_id: 'top', attr_class: [], attributes: { attr_id: 'top' }, order: 1 },
    { tag_name: 'body', attr_class: [], attributes: {}, order: 2 },
  ])
})

test.each(['', ';', '"', 'a:"="', 'a:text="', '.:=""'])('nothing breaks on %j', (chain) => {
  expect(elementsOfChain(chain)).toBeInstanceOf(Array)
})
