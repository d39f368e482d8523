import { invalidQuestion } from '../context.ts'

/** `A / B * 100`, read once and computed for every bucket. */
export type Formula =
  | { kind: 'number'; value: number }
  | { kind: 'series'; index: number }
  | { kind: 'negative'; of: Formula }
  | { kind: 'operation'; operator: '+' | '-' | '*' | '/'; left: Formula; right: Formula }

/** limit: longer formulas, or deeper nested ones, are refused. */
const limits = { characters: 500, depth: 50 }

type Token = { text: string; at: number }

/**
 * Reads arithmetic over series: letters, numbers, `+ - * / ( )`. `seriesCount` says which letters there are.
 * @throws HogqlError that names the place
 */
export function parseFormula(text: string, seriesCount: number): Formula {
  if (text.length > limits.characters)
    throw invalidQuestion(`A formula has at most ${limits.characters} characters; this one has ${text.length}`)
  const tokens = tokensOf(text)
  let next = 0
  const peek = () => tokens[next]?.text
  const refuse = (message: string): Error => invalidQuestion(`Formula "${text}": ${message}`)

  function sum(depth: number): Formula {
    let left = product(depth)
    for (let operator = peek(); operator === '+' || operator === '-'; operator = peek()) {
      next++
      left = { kind: 'operation', operator, left, right: product(depth) }
    }
    return left
  }

  function product(depth: number): Formula {
    let left = factor(depth)
    for (let operator = peek(); operator === '*' || operator === '/'; operator = peek()) {
      next++
      left = { kind: 'operation', operator, left, right: factor(depth) }
    }
    return left
  }

  function factor(depth: number): Formula {
    if (depth > limits.depth) throw refuse(`it is nested more than ${limits.depth} deep`)
    const token = tokens[next]
    if (!token) throw refuse('it ends where a letter or a number was expected')
    next++
    if (token.text === '-') return { kind: 'negative', of: factor(depth + 1) }
    if (token.text === '+') return factor(depth + 1)
    if (token.text === '(') {
      const inside = sum(depth + 1)
      if (peek() !== ')') throw refuse('a parenthesis is not closed')
      next++
      return inside
    }
    if (/^[a-z]$/i.test(token.text)) return { kind: 'series', index: seriesIndex(token.text) }
    const value = Number(token.text)
    if (token.text === ')' || Number.isNaN(value))
      throw refuse(`a letter or a number was expected at character ${token.at + 1}, not "${token.text}"`)
    return { kind: 'number', value }
  }

  function seriesIndex(letter: string): number {
    const index = letter.toUpperCase().charCodeAt(0) - 65
    if (index >= seriesCount)
      throw refuse(`there is no series ${letter.toUpperCase()}; the last one is ${String.fromCharCode(64 + seriesCount)}`)
    return index
  }

  const formula = sum(0)
  const rest = tokens[next]
  if (rest) throw refuse(`an operator was expected at character ${rest.at + 1}, not "${rest.text}"`)
  return formula
}

function tokensOf(text: string): Token[] {
  return [...text.matchAll(/\s+|\d+(?:\.\d*)?|\.\d+|[a-z]+|./gisu)]
    .map((found) => ({ text: found[0], at: found.index }))
    .filter((token) => token.text.trim() !== '')
}

/** The formula's value where `seriesValue` gives the series'. Division by zero gives 0, and so does what is no finite number. */
export function evaluate(formula: Formula, seriesValue: (index: number) => number): number {
  switch (formula.kind) {
    case 'number':
      return formula.value
    case 'series':
      return seriesValue(formula.index)
    case 'negative':
      return -evaluate(formula.of, seriesValue)
    case 'operation':
      return operate(formula.operator, evaluate(formula.left, seriesValue), evaluate(formula.right, seriesValue))
  }
}

function operate(operator: '+' | '-' | '*' | '/', left: number, right: number): number {
  const result = { '+': left + right, '-': left - right, '*': left * right, '/': right === 0 ? 0 : left / right }[operator]
  return Number.isFinite(result) ? result : 0
}
