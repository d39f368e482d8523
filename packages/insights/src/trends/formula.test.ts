import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate, type Formula, parseFormula } from './formula.ts'

const values = [6, 3, 0]
const computed = (text: string) => evaluate(parseFormula(text, 3), (index) => values[index] ?? 0)

test.each([
  ['A', 6],
  ['a + b', 9],
  ['A+2*B', 12],
  ['(A+2)*B', 24],
  ['A/B', 2],
  ['A/C', 0],
  ['C/C', 0],
  ['A/0', 0],
  ['1 + A/0', 1],
  ['-A + B', -3],
  ['A - -B', 9],
  ['A - B - 1', 2],
  ['A / B / 2', 1],
  ['1.5*A', 9],
  ['.5*A', 3],
  ['A*(B)', 18],
  ['1e2', undefined],
])('%s is %s', (text, value) => {
  if (value === undefined) expect(() => computed(text)).toThrow(/an operator was expected at character 2, not "e"/)
  else expect(computed(text)).toBe(value)
})

test.each([
  ['', 'it ends where'],
  ['A +', 'it ends where a letter or a number was expected'],
  ['(A', 'a parenthesis is not closed'],
  ['A)', 'an operator was expected at character 2, not ")"'],
  ['A B', 'an operator was expected at character 3'],
  ['D', 'there is no series D; the last one is C'],
  ['AB', 'a letter or a number was expected at character 1, not "AB"'],
  ['A ^ B', 'an operator was expected at character 3, not "^"'],
  ['1.2.3', 'an operator was expected at character 4'],
  ["A; DROP TABLE events; --'", 'an operator was expected at character 2, not ";"'],
  ['constructor', 'not "constructor"'],
  ['A + 𝒜', 'a letter or a number was expected at character 5'],
  [`${'('.repeat(60)}A${')'.repeat(60)}`, 'nested more than 50 deep'],
  ['-'.repeat(100), 'nested more than 50 deep'],
  ['A+'.repeat(300), 'at most 500 characters'],
])('refuses %s', (text, message) => {
  expect(() => parseFormula(text, 3)).toThrow(message)
})

describe('any formula', () => {
  const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
    formula: fc.oneof(
      { maxDepth: 5 },
      fc.nat({ max: 2 }).map((index): Formula => ({ kind: 'series', index })),
      fc.nat({ max: 9 }).map((value): Formula => ({ kind: 'number', value })),
      fc.record({
        kind: fc.constant('operation' as const),
        operator: fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const),
        left: tie('formula'),
        right: tie('formula'),
      }),
    ),
  }))
  const written = (node: Formula): string => {
    switch (node.kind) {
      case 'series':
        return String.fromCharCode(65 + node.index)
      case 'number':
        return String(node.value)
      case 'negative':
        return `-${written(node.of)}`
      case 'operation':
        return `(${written(node.left)} ${node.operator}${written(node.right)})`
    }
  }

  test('is read as it was written', () => {
    fc.assert(
      fc.property(formula, (node) => {
        expect(parseFormula(written(node), 3)).toEqual(node)
      }),
    )
  })

  test('is a finite number for any values', () => {
    fc.assert(
      fc.property(formula, fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 }), (node, given) => {
        expect(evaluate(node, (index) => given[index] ?? 0)).toSatisfy(Number.isFinite)
      }),
    )
  })
})
