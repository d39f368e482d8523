export { type ChannelCondition, type ChannelRule, channelRuleKeys, channelRuleOperators } from './catalog/channel-rules.ts'
export type { FunctionEntry } from './catalog/function-entry.ts'
export { findFunction, functionNames } from './catalog/functions.ts'
export { type PropertyScope, tableNames, tables } from './catalog/tables.ts'
export { typedEventProperties } from './catalog/typed-properties.ts'
export type { ValueType } from './catalog/value-type.ts'
export { type CompiledQuery, compile } from './compile.ts'
export { type Completion, type CompletionContext, completionAt, type Suggestion } from './complete/complete.ts'
export { type CompileContext, type CompileLimits, defaultCompileLimits, type PropertyType } from './context.ts'
export { type ResolvedDate, resolveBound, resolveDate } from './dates/relative-date.ts'
export {
  instantOfWallClock,
  localDate,
  offsetMs,
  parseInstant,
  toClickhouseInstant,
  type WallClock,
  wallClockAt,
} from './dates/zoned-time.ts'
export { HogqlError, type HogqlErrorCode, type Span } from './errors.ts'
export { actionCondition } from './filters/action.ts'
export { type FilterContext, propertyFilters } from './filters/property-filter.ts'
export { type LimitedQuery, limitRows, oneMore } from './limits.ts'
export { expandNamed, type NamedReference, type NamedThings, namedIn } from './named/expand-named.ts'
export { nearMiss } from './near-miss.ts'
export { createParser, type Parser, type ParserOptions } from './parse/parser.ts'
export { expandPlaceholders, type Placeholders } from './placeholders/expand.ts'
export { isAggregate } from './tree/aggregates.ts'
export * as build from './tree/build.ts'
export { hogqlIdentifier, hogqlText } from './tree/hogql-text.ts'
export { mapExpr, mapQuery } from './tree/map.ts'
export type * as syntax from './tree/syntax.ts'
export { visitExprs, visitNodes } from './tree/visit.ts'
