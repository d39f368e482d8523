import { expect, test } from 'vitest'
import { testContext } from '../insight-context.fixture.ts'
import { resolveDateRange } from './date-range.ts'
import { bucketStarts, type Interval } from './interval.ts'
import { dayText, labelText } from './labels.ts'
import { previousRange } from './previous-range.ts'

const now = new Date('2024-11-05T12:34:56Z')

/** From, to, the first moment that counts, and the end. */
test.each<[string, Interval, Record<string, unknown>, string, string, string]>([
  ['UTC', 'day', {}, '2024-10-29T00:00:00', '2024-11-05T23:59:59', '2024-10-29T00:00:00'],
  ['UTC', 'day', { date_from: '-3d' }, '2024-11-02T00:00:00', '2024-11-05T23:59:59', '2024-11-02T00:00:00'],
  [
    'UTC',
    'day',
    { date_from: '2024-11-01', date_to: '2024-11-02T10:00:00Z' },
    '2024-11-01T00:00:00',
    '2024-11-02T23:59:59',
    '2024-11-01T00:00:00',
  ],
  ['UTC', 'month', { date_from: '2024-10-15' }, '2024-10-15T00:00:00', '2024-11-05T23:59:59', '2024-10-01T00:00:00'],
  ['UTC', 'week', { date_from: '2024-10-16' }, '2024-10-16T00:00:00', '2024-11-05T23:59:59', '2024-10-16T00:00:00'],
  ['UTC', 'hour', { date_from: '-24h' }, '2024-11-04T12:00:00', '2024-11-05T12:59:59', '2024-11-04T12:00:00'],
  ['UTC', 'hour', { date_from: 'dStart' }, '2024-11-05T00:00:00', '2024-11-05T12:59:59', '2024-11-05T00:00:00'],
  ['UTC', 'day', { date_from: '-24h' }, '2024-11-04T12:00:00', '2024-11-05T23:59:59', '2024-11-04T12:00:00'],
  ['UTC', 'minute', { date_from: '-1h' }, '2024-11-05T11:34:56', '2024-11-05T12:34:59', '2024-11-05T11:34:56'],
  [
    'UTC',
    'day',
    { date_from: '2024-11-01T08:00:00Z', date_to: '2024-11-02T10:00:00Z', explicitDate: true },
    '2024-11-01T08:00:00',
    '2024-11-02T10:00:00',
    '2024-11-01T08:00:00',
  ],
  ['America/New_York', 'day', { date_from: '-3d' }, '2024-11-02T04:00:00', '2024-11-06T04:59:59', '2024-11-02T04:00:00'],
  ['Asia/Kathmandu', 'day', { date_from: '-1d' }, '2024-11-03T18:15:00', '2024-11-05T18:14:59', '2024-11-03T18:15:00'],
])('%s by the %s, %j', async (timezone, interval, dateRange, from, to, lower) => {
  const range = resolveDateRange(dateRange, interval, await testContext({ now, timezone }))
  expect([range.from, range.to, range.lower].map((at) => at.toISOString().slice(0, 19))).toEqual([from, to, lower])
})

test.each<[string, Interval, Record<string, unknown>, string | undefined, string, string]>([
  ['UTC', 'day', { date_from: '-7d' }, undefined, '2024-10-22T00:00:00', '2024-10-29T23:59:59'],
  ['UTC', 'day', {}, undefined, '2024-10-22T00:00:00', '2024-10-29T23:59:59'],
  ['UTC', 'day', { date_from: '-3d' }, undefined, '2024-10-29T00:00:00', '2024-11-01T23:59:59'],
  ['UTC', 'day', { date_from: '2024-01-15', date_to: '2024-01-20' }, undefined, '2024-01-09T00:00:00', '2024-01-14T23:59:59'],
  ['UTC', 'day', { date_from: '2024-01-15', date_to: '2024-01-19' }, '-1w', '2024-01-08T00:00:00', '2024-01-12T23:59:59'],
  ['UTC', 'day', { date_from: '2024-02-29', date_to: '2024-02-29' }, '-1y', '2023-02-28T00:00:00', '2023-02-28T23:59:59'],
  ['UTC', 'hour', { date_from: '-24h' }, undefined, '2024-11-03T11:00:00', '2024-11-04T11:59:59'],
  ['UTC', 'hour', { date_from: '-24h' }, '-30h', '2024-11-03T06:00:00', '2024-11-04T06:59:59'],
  // The clocks go back within the range: as many days, though an hour more.
  ['America/New_York', 'day', { date_from: '2024-10-28', date_to: '2024-11-05' }, undefined, '2024-10-19T04:00:00', '2024-10-28T03:59:59'],
])('%s by the %s: before %j, shifted by %s', async (timezone, interval, dateRange, compareTo, from, to) => {
  const context = await testContext({ now, timezone })
  const range = previousRange(resolveDateRange(dateRange, interval, context), dateRange, compareTo, interval, context)
  expect([range.from, range.to].map((at) => at.toISOString().slice(0, 19))).toEqual([from, to])
})

test.each<[Interval, string, string, string[], string]>([
  ['day', '2020-01-01', '2020-01-03', ['1-Jan-2020', '2-Jan-2020', '3-Jan-2020'], '2020-01-01'],
  ['month', '2019-12-10', '2020-02-03', ['Dec 2019', 'Jan 2020', 'Feb 2020'], '2019-12-01'],
  ['week', '2019-11-24', '2019-12-01', ['24–30 Nov', '1-Dec-2019'], '2019-11-24'],
  ['week', '2019-11-27', '2019-12-10', ['27–30 Nov', '1–7 Dec', '8–10 Dec'], '2019-11-24'],
  ['week', '2019-12-29', '2020-01-04', ['29-Dec-2019 – 4-Jan-2020'], '2019-12-29'],
  ['week', '2020-01-26', '2020-02-01', ['26-Jan – 1-Feb'], '2020-01-26'],
])('labels by the %s from %s to %s', async (interval, date_from, date_to, labels, firstDay) => {
  const context = await testContext({ now: new Date('2020-03-01T00:00:00Z') })
  const range = resolveDateRange({ date_from, date_to }, interval, context)
  const starts = bucketStarts(interval, range.from, range.to, context)
  expect(starts.map((start) => labelText(interval, start, range, context))).toEqual(labels)
  expect(dayText(interval, starts[0] ?? now, 'UTC')).toBe(firstDay)
})

test('hours have their time of day, each of its own although clocks show it twice', async () => {
  const context = await testContext({ now, timezone: 'America/New_York' })
  const starts = bucketStarts('hour', new Date('2024-11-03T04:00:00Z'), new Date('2024-11-03T07:59:00Z'), context)
  expect(starts.map((start) => dayText('hour', start, 'America/New_York'))).toEqual([
    '2024-11-03 00:00:00',
    '2024-11-03 01:00:00',
    '2024-11-03 01:00:00',
    '2024-11-03 02:00:00',
  ])
})
