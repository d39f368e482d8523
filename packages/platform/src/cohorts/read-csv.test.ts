import { expect, test } from 'vitest'
import { readCsv } from './read-csv.ts'

test.each([
  ['a\nb\n', [], ['a', 'b']],
  ['distinct_id\r\na\r\n\r\nb', [], ['a', 'b']],
  ['﻿name,Distinct ID\n"x, y","a ""quoted"" id"\nz,b', [], ['a "quoted" id', 'b']],
  ['person_id,distinct_id\np1,a\np2,b', ['p1', 'p2'], []],
  ['uuid;\nx', [], ['uuid;', 'x']],
  ['distinct_id\na\na\n  a  \n', [], ['a']],
  ['name,distinct_id\nonly a name\nz,b', [], ['b']],
])('%j', (text, personIds, distinctIds) => {
  expect(readCsv(text)).toEqual({ personIds, distinctIds })
})

test.each([
  ['', 'is empty'],
  ['\n\n', 'is empty'],
  ['a,b\n1,2', 'has the columns a, b'],
  ['distinct_id\n"a', 'a quote in row 2'],
])('%j is refused', (text, message) => {
  expect(() => readCsv(text)).toThrow(message)
})
