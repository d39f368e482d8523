import { build, type syntax } from '@hedgerow/hogql'
import { int } from './expressions.ts'

type Expr = syntax.Expr

/** Names for parts of a lambda's body that are used several times, so that the query stays short. */
export interface Bindings {
  /** Gives the expression a name; the result stands for it. What is bound may use what was bound before. */
  bind(name: string, expr: Expr): Expr
  /** The body, with what it uses bound in front of it. */
  within(body: Expr): Expr
}

export function createBindings(): Bindings {
  const bound: Expr[] = []
  return {
    bind(name, expr) {
      bound.push(build.alias(name, expr))
      return build.field(name)
    },
    within(body) {
      // A tuple whose last element is the body: its other elements are where the names are given.
      return build.call('tupleElement', build.call('tuple', ...bound, body), int(bound.length + 1))
    },
  }
}
