import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storableJson } from './storable-json.ts'

describe('storableJson', () => {
  it.each([
    ['{"a":1,"b":"x"}', '{"a":1,"b":"x"}'],
    ['18446744073709551615', '18446744073709551615'],
    ['18446744073709551616', '1.8446744073709552e+19'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['-9223372036854775809', '-9.223372036854776e+18'],
    ['{"a":100000000000000000000}', '{"a":1e+20}'],
    ['[1e400,-1e999]', '[1.7976931348623157e+308,-1.7976931348623157e+308]'],
    ['{"100000000000000000000":"100000000000000000000"}', '{"100000000000000000000":"100000000000000000000"}'],
    ['0.12345678901234567890123', '0.12345678901234567890123'],
    ['"a\\ud800b"', '"a\\ufffdb"'],
    ['"\\udc00"', '"\\ufffd"'],
    ['"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
    ['"\\ud83d\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'],
    ['"\\\\ud800"', '"\\\\ud800"'],
    ['"\\u0041\\udc00"', '"\\u0041\\ufffd"'],
  ])('%s becomes %s', (given, wanted) => {
    expect(storableJson(given)).toBe(wanted)
  })

  it('keeps the meaning of everything that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value)
        const found = JSON.parse(storableJson(text))
        const wanted = JSON.parse(text.replace(/\\\\|\\u[dD][89a-fA-F][\da-fA-F]{2}/g, (found) => (found.length === 2 ? found : '\ufffd')))
        expect(found).toEqual(wanted)
      }),
    )
  })
})
