import { describe, expect, it } from 'vitest'
import { createLanes } from './lanes.ts'
import { eventStoreLimits } from './limits.ts'

const limits = { ...eventStoreLimits, interactiveQueries: 1, ingestionQueries: 1, waitingQueries: 2 }

describe('lanes', () => {
  it('admit in order of asking, each lane by itself', async () => {
    const lanes = createLanes(limits)
    const leave = await lanes.enter('interactive')
    const order: string[] = []
    const second = lanes.enter('interactive').then((leaveSecond) => {
      order.push('second')
      leaveSecond()
    })
    const third = lanes.enter('interactive').then((leaveThird) => {
      order.push('third')
      leaveThird()
    })
    const leaveOther = await lanes.enter('ingestion')
    order.push('other lane')
    leave()
    leave()
    await Promise.all([second, third])
    leaveOther()
    expect(order).toEqual(['other lane', 'second', 'third'])
  })

  it('refuse when too many wait', async () => {
    const lanes = createLanes(limits)
    const leave = await lanes.enter('interactive')
    const waiting = [lanes.enter('interactive'), lanes.enter('interactive')]
    await expect(lanes.enter('interactive')).rejects.toMatchObject({ code: 'overloaded' })
    leave()
    for (const next of waiting) (await next)()
  })

  it('forget who stopped waiting', async () => {
    const lanes = createLanes(limits)
    const leave = await lanes.enter('interactive')
    const abort = new AbortController()
    const given = lanes.enter('interactive', abort.signal)
    const next = lanes.enter('interactive')
    abort.abort()
    await expect(given).rejects.toMatchObject({ code: 'cancelled' })
    leave()
    ;(await next)()
    await expect(lanes.enter('interactive', abort.signal)).rejects.toMatchObject({ code: 'cancelled' })
    expect(await lanes.enter('interactive')).toBeTypeOf('function')
  })
})
