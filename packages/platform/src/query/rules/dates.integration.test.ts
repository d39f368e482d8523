import { describe, expect, test } from 'vitest'
import { askedProject, event, type Json, rowsOf } from './asked-project.fixture.ts'

const series = [{ kind: 'EventsNode', event: 'a' }]
const at = (...times: string[]) => times.map((time) => event('a', 'p', time))

describe('ranges', () => {
  const ask = askedProject({
    now: '2020-01-12T13:20:30Z',
    events: at(
      '2019-11-30T23:30:00Z',
      '2019-12-01T00:00:00Z',
      '2019-12-31T23:59:59.5Z',
      '2020-01-01T00:00:00Z',
      '2020-01-05T00:00:00Z',
      '2020-01-10T09:59:59Z',
      '2020-01-10T10:00:00Z',
      '2020-01-11T13:00:00Z',
      '2020-01-11T13:30:00Z',
      '2020-01-12T13:20:00Z',
      '2020-01-12T13:20:40Z',
      '2020-01-12T13:59:59.9Z',
      '2020-01-12T20:00:00Z',
      '2020-01-13T00:00:00Z',
    ),
  })
  const trends = (interval: string, dateRange: Json | undefined, compareFilter?: Json) =>
    ask({ kind: 'TrendsQuery', series, interval, dateRange, compareFilter })

  test.each<[interval: string, Json | undefined, first: string, last: string, buckets: number, events: number]>([
    ['day', undefined, '2020-01-05', '2020-01-12', 8, 9],
    ['day', { date_from: null, date_to: null }, '2020-01-05', '2020-01-12', 8, 9],
    ['day', { date_from: 'all' }, '2019-11-30', '2020-01-12', 44, 13],
    ['month', { date_from: 'all' }, '2019-11-01', '2020-01-01', 3, 13],
    ['day', { date_from: 'dStart' }, '2020-01-12', '2020-01-12', 1, 4],
    ['day', { date_from: '-0d' }, '2020-01-12', '2020-01-12', 1, 4],
    ['day', { date_from: '-1dStart', date_to: '-1dEnd' }, '2020-01-11', '2020-01-11', 1, 2],
    ['day', { date_from: 'mStart' }, '2020-01-01', '2020-01-12', 12, 10],
    ['day', { date_from: '-1mStart', date_to: '-1mEnd' }, '2019-12-01', '2019-12-31', 31, 2],
    ['day', { date_from: '-1yStart', date_to: '-1yEnd' }, '2019-01-01', '2019-12-31', 365, 3],
    ['day', { date_from: '-1q' }, '2019-10-13', '2020-01-12', 92, 13],
    ['day', { date_from: '7d' }, '2020-01-05', '2020-01-12', 8, 9],
    ['day', { date_from: '2020-1-5', date_to: '2020-1-5' }, '2020-01-05', '2020-01-05', 1, 1],
    ['hour', { date_from: '-24h' }, '2020-01-11 13:00:00', '2020-01-12 13:00:00', 25, 5],
    ['day', { date_from: '-24h' }, '2020-01-11', '2020-01-12', 2, 6],
    ['minute', { date_from: '-1h' }, '2020-01-12 12:20:00', '2020-01-12 13:20:00', 61, 2],
    ['minute', { date_from: 'hStart' }, '2020-01-12 13:00:00', '2020-01-12 13:20:00', 21, 2],
    ['day', { date_from: '2020-01-10', date_to: '2020-01-10T09:00:00Z' }, '2020-01-10', '2020-01-10', 1, 2],
    ['day', { date_from: '2020-01-10T10:00:00Z', date_to: '2020-01-10' }, '2020-01-10', '2020-01-10', 1, 2],
    ['day', { date_from: '2020-01-10T10:00:00Z', date_to: '2020-01-11T13:00:00Z', explicitDate: true }, '2020-01-10', '2020-01-11', 2, 2],
    ['day', { date_from: '-1d', explicitDate: true }, '2020-01-11', '2020-01-12', 2, 2],
    ['hour', { date_from: '-1h', explicitDate: true }, '2020-01-12 12:00:00', '2020-01-12 13:00:00', 2, 1],
    ['hour', { date_from: '2020-01-12', date_to: '2020-01-12T13:20:00Z' }, '2020-01-12 00:00:00', '2020-01-12 13:00:00', 14, 1],
    ['hour', { date_from: '2020-01-12' }, '2020-01-12 00:00:00', '2020-01-12 13:00:00', 14, 3],
    ['hour', { date_from: '-2d', date_to: '-1d' }, '2020-01-10 00:00:00', '2020-01-11 13:00:00', 38, 4],
    ['month', { date_from: '2020-01-06', date_to: '2020-01-12' }, '2020-01-01', '2020-01-01', 1, 10],
    ['week', { date_from: '2020-01-10', date_to: '2020-01-12' }, '2020-01-05', '2020-01-12', 2, 8],
  ])('by %s: %j', async (interval, dateRange, ...expected) => {
    expect(rowsOf(await trends(interval, dateRange), 'days[0]', 'days[-1]', 'days', 'count')).toEqual([
      [expected[0], expected[1], expect.objectContaining({ length: expected[2] }), expected[3]],
    ])
  })

  test.each<[now: string, string, string]>([
    ['2020-03-31T10:00:00Z', '-1m', '2020-02-29'],
    ['2020-02-29T10:00:00Z', '-1y', '2019-02-28'],
  ])('at %s, %s begins on a day that there is', async (now, date_from, first) => {
    const answer = await ask({ kind: 'TrendsQuery', series, dateRange: { date_from } }, now)
    expect(rowsOf(answer, 'days[0]')).toEqual([first])
  })

  test.each<[interval: string, Json, Json, [string, string, number][]]>([
    [
      'day',
      { date_from: '-7d' },
      {},
      [
        ['2020-01-05', '2020-01-12', 9],
        ['2019-12-29', '2020-01-05', 3],
      ],
    ],
    [
      'day',
      { date_from: '-10d' },
      {},
      [
        ['2020-01-02', '2020-01-12', 9],
        ['2019-12-22', '2020-01-01', 2],
      ],
    ],
    [
      'day',
      { date_from: '2020-01-06', date_to: '2020-01-12' },
      {},
      [
        ['2020-01-06', '2020-01-12', 8],
        ['2019-12-30', '2020-01-05', 3],
      ],
    ],
    [
      'day',
      { date_from: '2020-01-01', date_to: '2020-01-12' },
      { compare_to: '-1m' },
      [
        ['2020-01-01', '2020-01-12', 10],
        ['2019-12-01', '2019-12-12', 1],
      ],
    ],
    [
      'hour',
      { date_from: '2020-01-12', date_to: '2020-01-12T10:00:00' },
      { compare_to: '-30h' },
      [
        ['2020-01-12 00:00:00', '2020-01-12 10:00:00', 0],
        ['2020-01-10 18:00:00', '2020-01-11 04:00:00', 0],
      ],
    ],
  ])('by %s: %j compared %j', async (interval, dateRange, compareFilter, expected) => {
    const answer = await trends(interval, dateRange, { compare: true, ...compareFilter })
    expect(rowsOf(answer, 'days[0]', 'days[-1]', 'count')).toEqual(expected)
    expect(rowsOf(answer, 'compare_label')).toEqual(['current', 'previous'])
  })

  test.each<[interval: string, Json, string[]]>([
    ['week', { date_from: '2019-12-24', date_to: '2020-01-12' }, ['24–28 Dec', '29-Dec-2019 – 4-Jan-2020', '5–11 Jan', '12-Jan-2020']],
    ['hour', { date_from: '2020-01-12T12:00:00Z', date_to: '2020-01-12T13:00:00Z' }, ['12-Jan 12:00', '12-Jan 13:00']],
    ['month', { date_from: '2019-12-24', date_to: '2020-01-12' }, ['Dec 2019', 'Jan 2020']],
    ['day', { date_from: '2020-01-09', date_to: '2020-01-10' }, ['9-Jan-2020', '10-Jan-2020']],
  ])('labels by %s', async (interval, dateRange, labels) => {
    expect(rowsOf(await trends(interval, dateRange), 'labels')).toEqual([labels])
  })
})

describe('clocks that change', () => {
  const ask = askedProject({
    now: '2020-03-09T12:00:00Z',
    timezone: 'America/New_York',
    week_start: 1,
    events: at(
      '2020-03-08T04:59:00Z',
      '2020-03-08T05:00:00Z',
      '2020-03-08T06:30:00Z',
      '2020-03-08T07:30:00Z',
      '2020-03-09T03:59:59Z',
      '2020-03-09T04:00:00Z',
    ),
  })

  test.each<[interval: string, Json, number[], string[]]>([
    ['day', { date_from: '2020-03-07' }, [1, 4, 1], ['2020-03-07', '2020-03-08', '2020-03-09']],
    [
      'hour',
      { date_from: '2020-03-08', date_to: '2020-03-08T04:00:00' },
      [1, 1, 1, 0],
      ['2020-03-08 00:00:00', '2020-03-08 01:00:00', '2020-03-08 03:00:00', '2020-03-08 04:00:00'],
    ],
    [
      'hour',
      { date_from: '2020-03-08T05:00:00Z', date_to: '2020-03-08T07:00:00+00:00' },
      [1, 1, 0],
      ['2020-03-08 00:00:00', '2020-03-08 01:00:00', '2020-03-08 03:00:00'],
    ],
    ['week', { date_from: '-14d' }, [0, 5, 1], ['2020-02-24', '2020-03-02', '2020-03-09']],
  ])('by %s: %j', async (interval, dateRange, data, days) => {
    expect(rowsOf(await ask({ kind: 'TrendsQuery', series, interval, dateRange }), 'data', 'days')).toEqual([[data, days]])
  })
})
