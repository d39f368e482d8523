import { Button, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { DateRange } from '../../query-model/nodes.ts'
import classes from './builder.module.css'
import { Choice } from './choice.tsx'

const rollingUnits = { h: 'hours', d: 'days', w: 'weeks', m: 'months' } as const

/** The last so many of anything, or two days. */
export function OwnRange({ value, onChoose }: PartProps) {
  return (
    <div className={classes.rangeOwn}>
      <Rolling value={value} onChoose={onChoose} />
      <Between value={value} onChoose={onChoose} />
    </div>
  )
}

interface PartProps {
  value: DateRange | undefined
  onChoose: (range: DateRange) => void
}

function Rolling({ value, onChoose }: PartProps) {
  const known = /^-(\d+)([hdwm])$/.exec(value?.date_from ?? '')
  const [count, setCount] = useState(known ? Number(known[1]) : 7)
  const [unit, setUnit] = useState<keyof typeof rollingUnits>((known?.[2] as keyof typeof rollingUnits | undefined) ?? 'd')
  return (
    <form
      className={classes.rangePart}
      onSubmit={(event) => {
        event.preventDefault()
        onChoose({ date_from: `-${count}${unit}` })
      }}
    >
      <span className={classes.lineLabel}>The last</span>
      <div className={classes.rangeRow}>
        <NumberInput
          size="xs"
          w={70}
          min={1}
          max={1000}
          aria-label="How many"
          value={count}
          onChange={(next) => typeof next === 'number' && setCount(next)}
        />
        <Choice
          label="Unit"
          value={unit}
          width={120}
          options={(Object.keys(rollingUnits) as (keyof typeof rollingUnits)[]).map((key) => ({ value: key, label: rollingUnits[key] }))}
          onChange={setUnit}
        />
        <Button size="xs" variant="default" type="submit">
          Show
        </Button>
      </div>
    </form>
  )
}

function Between({ value, onChoose }: PartProps) {
  const dayOf = (end: string | null | undefined) => (end && /^\d{4}-\d{2}-\d{2}/.test(end) ? end.slice(0, 10) : '')
  const [from, setFrom] = useState(dayOf(value?.date_from))
  const [to, setTo] = useState(dayOf(value?.date_to))
  const isBackwards = from !== '' && to !== '' && from > to
  return (
    <form
      className={classes.rangePart}
      onSubmit={(event) => {
        event.preventDefault()
        if (from !== '' && !isBackwards) onChoose(to === '' ? { date_from: from } : { date_from: from, date_to: to })
      }}
    >
      <span className={classes.lineLabel}>From one day to another</span>
      <TextInput size="xs" type="date" aria-label="From" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
      <TextInput
        size="xs"
        type="date"
        aria-label="To"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        {...(isBackwards ? { error: 'is before the first day' } : {})}
      />
      <Button size="xs" variant="default" type="submit" disabled={from === '' || isBackwards}>
        Show
      </Button>
    </form>
  )
}
