/** A cohort's tree of conditions. */
export type CohortNode =
  | { kind: 'group'; all: boolean; nodes: readonly CohortNode[] }
  | { kind: 'property'; leaf: CohortLeaf; isNegated: boolean }
  | { kind: 'cohort'; id: number; isNegated: boolean }
  | { kind: 'behavior'; leaf: CohortLeaf; isNegated: boolean }

export type CohortLeaf = Readonly<Record<string, unknown>>

/** Reads a stored tree; undefined for what is none. An empty tree is one that nobody satisfies. */
export function readCohortTree(value: unknown): CohortNode | undefined {
  if (!isRecord(value)) return undefined
  if (Array.isArray(value.values)) {
    const nodes = value.values.map(readCohortTree)
    // compat: `property` is an older name of AND.
    const all = String(value.type).toUpperCase() !== 'OR'
    return nodes.every((node) => node !== undefined) ? { kind: 'group', all, nodes } : undefined
  }
  const isNegated = value.negation === true
  if (value.type === 'behavioral') return { kind: 'behavior', leaf: value, isNegated }
  if (value.type === 'cohort') {
    const id = Number(value.value)
    return Number.isInteger(id) ? { kind: 'cohort', id, isNegated: isNegated !== (value.operator === 'not_in') } : undefined
  }
  return value.key === undefined ? undefined : { kind: 'property', leaf: value, isNegated }
}

/** The cohorts that a tree names. */
export function cohortsIn(node: CohortNode): number[] {
  if (node.kind === 'group') return node.nodes.flatMap(cohortsIn)
  return node.kind === 'cohort' ? [node.id] : []
}

export function hasBehavior(node: CohortNode): boolean {
  return node.kind === 'group' ? node.nodes.some(hasBehavior) : node.kind === 'behavior'
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
