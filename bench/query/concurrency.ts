import type { Asking } from './asking.ts'
import { median, milliseconds, timed } from './measure.ts'

const unbounded = (i: number) => ({
  kind: 'HogQLQuery',
  query: `select count() from numbers(100000000000) where sipHash64(number) = ${i}`,
})
const differing = (i: number) => ({
  kind: 'HogQLQuery',
  query: `select toDate(timestamp) as day, count(), count(distinct person_id) from events where event = '$pageview' and cityHash64(uuid) % 11 != ${i} group by day order by day limit 100`,
})
const quick = { kind: 'HogQLQuery', query: "select count() from events where event = '$pageview' and timestamp > '2026-05-30' limit 1" }

/** Ten different questions one after another, then at once; and a quick one, and an insert, beside slow ones. */
export async function concurrency(asking: Asking, repeats: number): Promise<string[]> {
  const { ask, hedgerow } = asking
  const ten = Array.from({ length: 10 }, (_, i) => differing(i))
  for (const query of ten) await ask(query)
  const apart: number[] = []
  const together: number[] = []
  for (let round = 0; round < repeats; round++) {
    const one = await timed(async () => {
      for (const query of ten) await ask(query)
    })
    apart.push(one.ms)
    together.push((await timed(() => Promise.all(ten.map((query) => ask(query))))).ms)
  }
  const sample = async (act: () => Promise<unknown>) => {
    const times: number[] = []
    for (let round = 0; round < Math.max(5, repeats); round++) times.push((await timed(act)).ms)
    return median(times)
  }
  const insert = () => insertRow(asking)
  const [alone, insertAlone] = [await sample(() => ask(quick)), await sample(insert)]
  const slow = [0, 1, 2, 3, 4]
  for (const i of slow) await ask(unbounded(i), { refresh: 'force_async', client_query_id: `slow-${i}` })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const [beside, insertBeside] = [await sample(() => ask(quick)), await sample(insert)]
  for (const i of slow) hedgerow.questions.cancel(1, `slow-${i}`)
  const ratio = median(together) / median(apart)
  return [
    `Ten different queries: ${milliseconds(median(apart))} ms one after another, ${milliseconds(median(together))} ms at once (${ratio.toFixed(2)} times).`,
    `A quick query: ${milliseconds(alone)} ms alone, ${milliseconds(beside)} ms beside slow ones. An insert of ingestion's: ${milliseconds(insertAlone)} ms alone, ${milliseconds(insertBeside)} ms beside them.`,
  ]
}

let inserted = 0

/** As ingestion inserts, into a table that no question here reads. */
async function insertRow({ hedgerow }: Asking): Promise<void> {
  const row = {
    project_id: 2,
    group_type_index: 0,
    group_key: `group ${inserted}`,
    created_at: '2026-01-01 00:00:00',
    updated_at: '2026-01-01 00:00:00',
  }
  const lines = `${JSON.stringify({ ...row, properties: {}, is_deleted: 0, version: 1 })}\n`
  await hedgerow.stores.events.insert('groups', Buffer.from(lines), { token: `bench ${process.pid} ${inserted++}` })
}
