import { readFileSync } from 'node:fs'
import { captureEndpoints } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { refusalStatus } from './refusals.ts'

const page = readFileSync(new URL('../../../../docs/reference/capture-api.md', import.meta.url), 'utf8')
const rows = page.split('\n').filter((line) => line.startsWith('|'))

test.each(Object.entries(refusalStatus))('docs/reference/capture-api.md has a line for %s with status %i', (code, status) => {
  expect(rows.filter((row) => row.includes(`\`${code}\``) && row.split('|')[2]?.trim() === String(status))).toHaveLength(1)
})

test.each(captureEndpoints)('docs/reference/capture-api.md has a line for %s', (path) => {
  expect(rows.some((row) => row.split('|')[1]?.includes(`\`${path}\``))).toBe(true)
})
