import type { FormulaNode } from './nodes.ts'
import { listOf, type Raw, textOf, textsOf } from './reading.ts'
import { letterOf } from './series.ts'

/** Formulas in whichever of the API's three forms. */
export function readFormulas(raw: Raw): FormulaNode[] | undefined {
  const nodes = listOf(raw.formulaNodes).map(({ formula, custom_name: customName }) => ({
    formula: typeof formula === 'string' ? formula : '',
    custom_name: textOf(customName),
  }))
  if (nodes.length > 0) return nodes
  const older = textsOf(raw.formulas)
  const single = textOf(raw.formula)
  const texts = older.length > 0 ? older : single === undefined ? [] : [single]
  return texts.length > 0 ? texts.map((formula) => ({ formula })) : undefined
}

/** What is wrong with a formula over so many series; undefined when nothing is, or while it is empty. */
export function formulaProblem(formula: string, seriesCount: number): string | undefined {
  if (formula.trim() === '') return undefined
  const strange = /[^A-Za-z0-9+\-*/().\s]/.exec(formula)
  if (strange) return `“${strange[0]}” has no place in a formula: letters of series, numbers, + − * / and brackets do.`
  for (const [name] of formula.matchAll(/[A-Za-z]+/g)) {
    const index = name.toUpperCase().charCodeAt(0) - 65
    if (name.length > 1 || index >= seriesCount)
      return `There is no series ${name}: the letters go up to ${letterOf(Math.max(0, seriesCount - 1))}.`
  }
  return bracketProblem(formula)
}

function bracketProblem(formula: string): string | undefined {
  let depth = 0
  for (const sign of formula) {
    if (sign === '(') depth++
    if (sign === ')') depth--
    if (depth < 0) return 'A bracket is closed that was not opened.'
  }
  if (depth > 0) return 'A bracket is not closed.'
  return /[+\-*/]\s*$/.test(formula) ? 'The formula ends in the middle.' : undefined
}
