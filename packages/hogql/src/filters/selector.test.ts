import { describe, expect, test } from 'vitest'
import { selectorPatterns } from './selector.ts'

// Innermost first: a button in a form in a div in the body.
const chain = [
  'button.btn.btn--primary.md:flex:attr__class="btn btn--primary md:flex"attr__data-attr="say \\"hi\\"; now"attr__type="submit"nth-child="2"nth-of-type="1"text="Buy; .red"',
  'form.checkout:attr__id="pay"attr_id="pay"nth-child="1"nth-of-type="1"',
  'div.card.wide:attr__class="card wide"nth-child="3"nth-of-type="3"',
  'body:nth-child="2"nth-of-type="1"',
].join(';')

const selects = (selector: string) => selectorPatterns(selector).some((pattern) => new RegExp(pattern).test(chain))

describe('a selector', () => {
  test.each([
    'button',
    '*',
    '.btn',
    'button.btn--primary.btn',
    '.md\\:flex',
    '#pay',
    'form#pay.checkout',
    '[id="pay"]',
    '[data-attr]',
    `[data-attr='say "hi"; now']`,
    'button[type=submit]:nth-child(2)',
    ':nth-of-type(3)',
    'button[type=submit][data-attr]',
    'button[data-attr][type=submit].btn--primary',
    'body button',
    'div > form > button',
    'div.wide>form.checkout>.btn',
    'body > div form button.btn',
    'span, form',
  ])('%s is in the chain', (selector) => expect(selects(selector)).toBe(true))

  test.each([
    'butto',
    'utton',
    'span',
    '.bt',
    '.btn-',
    '.red',
    'button.wide',
    '#pa',
    'button#pay',
    '[type="reset"]',
    '[data-missing]',
    'button:nth-child(1)',
    'button form',
    'div > button',
    'body > form',
    'span, p',
  ])('%s is not', (selector) => expect(selects(selector)).toBe(false))

  test.each(['', 'a >', '> a', 'a + b', 'a:hover', 'a[', 'a,,b', 'a[b~="c"]'])('"%s" cannot be read', (selector) => {
    expect(() => selectorPatterns(selector)).toThrow('cannot be read')
  })
})
