import { expect, test } from 'vitest'
import { isIllegalDistinctId } from './illegal-distinct-ids.ts'

test.each([
  ...[
    'anonymous',
    'ANONYMOUS',
    'Guest',
    'distinctId',
    'distinct_id',
    'ID',
    'not_authenticated',
    'Email',
    'undefined',
    'UNDEFINED',
    'True',
    'false',
  ],
  ...['[object Object]', 'NaN', 'None', 'none', 'null', '0', '', '   ', '"null"', "'anonymous'", '""', "' '", '"Undefined"'],
])('%j stands for nobody', (distinctId) => {
  expect(isIllegalDistinctId(distinctId)).toBe(true)
})

test.each(['ann', 'Null', 'NONE', 'nan', '[object object]', '00', '1', 'null2', '"null', "null'", 'system', 'user'])(
  '%j may be somebody',
  (distinctId) => {
    expect(isIllegalDistinctId(distinctId)).toBe(false)
  },
)
