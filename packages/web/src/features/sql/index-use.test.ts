import { expect, test } from 'vitest'
import { indexUses } from './index-use.ts'

const planOf = (text: string) => text.trim().split('\n')

const narrow = planOf(`
Limit (preliminary LIMIT)
└──Aggregating
   └──Filter ((WHERE + Projection))
      └──ReadFromMergeTree (default.events)
            Read type: Default
            Parts: 5 | Granules: 9
            Indexes:
              Min-Max
                Keys:
                  timestamp
                Condition: (timestamp in ('1795442646.986', +Inf))
                Parts: 5/15
                Granules: 15/57
              Partition
                Keys:
                  toYYYYMM(timestamp)
                Condition: (toYYYYMM(timestamp) in [202611, +Inf))
                Parts: 5/5
                Granules: 15/15
              PrimaryKey
                Keys:
                  project_id
                  event
                  timestamp
                Condition: and((event in ['signed_up', 'signed_up']), (project_id in [2, 2]))
                Parts: 5/5
                Granules: 9/15
                Search Algorithm: generic exclusion search
              Ranges: 5
`)

test('says how many blocks are read, and what left out the others', () => {
  expect(indexUses(narrow)).toEqual([
    {
      table: 'events',
      blocks: 9,
      of: 57,
      by: [
        { words: 'the range of time', leftOut: 42 },
        { words: 'the order of the rows (event, timestamp)', leftOut: 6 },
      ],
      isWhole: false,
    },
  ])
})

test('a query that only its project narrows reads the whole table', () => {
  const plan = planOf(`
└──ReadFromMergeTree (default.events)
   Indexes:
     PrimaryKey
       Keys:
         project_id
       Condition: (project_id in [2, 2])
       Parts: 15/15
       Granules: 57/57
`)
  expect(indexUses(plan)).toEqual([{ table: 'events', blocks: 57, of: 57, by: [], isWhole: true }])
})

test('each table has its own; a plan without tables has none', () => {
  const persons = planOf(`
ReadFromMergeTree (default.persons)
  Indexes:
    PrimaryKey
      Keys:
        project_id
      Granules: 2/3
`)
  expect(indexUses([...narrow, ...persons]).map(({ table, blocks, of }) => [table, blocks, of])).toEqual([
    ['events', 9, 57],
    ['persons', 2, 3],
  ])
  expect(indexUses(['Output: 1', 'ReadFromStorage (SystemOne)'])).toEqual([])
})
