import { expect, test } from 'vitest'
import { elementsChainOf } from './elements-chain.ts'

test('elements are written innermost first, attributes and classes sorted', () => {
  const chain = elementsChainOf([
    {
      tag_name: 'a',
      $el_text: 'Sign "up"',
      classes: ['small', 'btn'],
      nth_child: 1,
      nth_of_type: 2,
      attr__href: '/a-url',
      attr__class: 'small btn',
      'attr__data-id': 'x',
    },
    { tag_name: 'div', nth_child: 3, attr__id: 'main' },
  ])
  expect(chain).toBe(
    'a.btn.small:attr__class="small btn"attr__data-id="x"attr__href="/a-url"href="/a-url"nth-child="1"nth-of-type="2"text="Sign \\"up\\""' +
      ';div:attr__id="main"attr_id="main"nth-child="3"nth-of-type="0"',
  )
})

test('long texts and addresses are cut; what is no element is passed over', () => {
  const chain = elementsChainOf([null, 'x', { tag_name: 'p', $el_text: 't'.repeat(500), attr__class: ['a"b'] }])
  expect(chain).toBe(`p.ab:attr__class="a\\"b"nth-child="0"nth-of-type="0"text="${'t'.repeat(400)}"`)
})
