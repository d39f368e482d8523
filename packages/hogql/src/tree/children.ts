import type { Decision, Expr, OpenNodes, PlainNode } from './resolved.ts'

/** The expressions directly below one, without those of subqueries. */
export function childrenOf<D extends Decision>(expr: Expr<D>): Expr<D>[] {
  const node = expr as PlainNode<D> | OpenNodes<D>[Decision]
  switch (node.kind) {
    case 'value':
    case 'null':
    case 'parameter':
    case 'column':
    case 'aliasRef':
    case 'subquery':
    case 'stored':
    case 'joined':
    case 'tableColumn':
      return []
    case 'call':
    case 'function': {
      if (!node.over && !node.params && !node.filter) return node.args
      const over = node.over && !('name' in node.over) ? [...node.over.partitionBy, ...node.over.orderBy.map((order) => order.expr)] : []
      return [...node.args, ...(node.params ?? []), ...(node.filter ? [node.filter] : []), ...over]
    }
    case 'cast':
    case 'aliased':
      return [node.expr]
    case 'lambda':
      return [node.body]
    case 'comparison':
      return [node.left, node.right]
    case 'property':
      return 'expr' in node.of ? [node.of.expr] : []
  }
}
