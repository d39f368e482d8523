import { build, type syntax } from '@hedgerow/hogql'

const { and, arithmetic, call, compare, constant, lambda } = build

/** why: up to four words of bits per actor cost no more than a count; a set of numbers takes half as long again. */
const limits = { bits: 256 }
const wordBits = 64

/**
 * An aggregate: the different values of `number` among the rows where `when` holds, in order, as an array. All of these lie in
 * `0 ≤ number < size`.
 */
export function bucketSet(number: syntax.Expr, size: number, when?: syntax.Expr): syntax.Expr {
  if (size > limits.bits) {
    const small = call('_toUInt16', number)
    return call('arraySort', when ? call('groupUniqArrayIf', small, when) : call('groupUniqArray', small))
  }
  const parts = words(number, size, when).map((word, i) => {
    const positions = call('bitPositionsToArray', word)
    const shifted = arithmetic('+', build.field('bit'), constant(i * wordBits))
    return i === 0 ? positions : call('arrayMap', lambda(['bit'], shifted), positions)
  })
  return parts.length === 1 && parts[0] ? parts[0] : call('arrayConcat', ...parts)
}

/** An aggregate: how many different values there are; as {@link bucketSet}. */
export function bucketCount(number: syntax.Expr, size: number): syntax.Expr {
  if (size > limits.bits) return call('uniqExact', call('_toUInt16', number))
  return words(number, size).reduce<syntax.Expr | undefined>((sum, word) => {
    const count = call('bitCount', word)
    return sum ? arithmetic('+', sum, count) : count
  }, undefined) as syntax.Expr
}

/** One bit a bucket. */
function words(number: syntax.Expr, size: number, when?: syntax.Expr): syntax.Expr[] {
  const count = Math.max(1, Math.ceil(size / wordBits))
  const bit = call('bitShiftLeft', call('_toUInt64', constant(1)), call('_toUInt8', call('bitAnd', number, constant(wordBits - 1))))
  return Array.from({ length: count }, (_, i) => {
    const inWord = compare('=', call('intDiv', number, constant(wordBits)), constant(i))
    const conditions = [...(when ? [when] : []), ...(count === 1 ? [] : [inWord])]
    return conditions.length === 0 ? call('groupBitOr', bit) : call('groupBitOrIf', bit, and(conditions))
  })
}
