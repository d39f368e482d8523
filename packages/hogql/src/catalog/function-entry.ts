import type { ValueType } from './value-type.ts'

/** How the type of a call follows from its arguments. */
export type ResultRule = (args: ValueType[]) => ValueType

export interface FunctionEntry {
  /** As written in HogQL. */
  name: string
  /** As ClickHouse calls it. */
  engineName: string
  kind: 'scalar' | 'aggregate' | 'window'
  /** Fewest and most arguments. */
  arity: [number, number]
  result: ResultRule
  /** True where instants are taken as instants: others see them in the project's time zone. */
  instants: boolean
  /** Aggregates that take parameters, `quantile(0.5)(x)`. */
  parametric: boolean
  /** Stands for something else in HogQL: the engine has no function of this name. */
  isOwn: boolean
}
