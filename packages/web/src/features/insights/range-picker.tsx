import { Popover } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { rangeChoices, rangeWords } from '../../query-model/date-range.ts'
import type { DateRange } from '../../query-model/nodes.ts'
import { CalendarIcon, ChevronDownIcon } from '../../ui/icons.tsx'
import classes from './builder.module.css'

interface RangePickerProps {
  value: DateRange | undefined
  onChange: (range: DateRange) => void
  /** What the range is while none is chosen. */
  unchosen?: string | undefined
}

// why: it comes with the list that is opened.
const OwnRange = lazy(async () => ({ default: (await import('./own-range.tsx')).OwnRange }))

/** From when to when: one of the usual ranges, the last so many of anything, or two days. */
export function RangePicker({ value, onChange, unchosen }: RangePickerProps) {
  const [opened, setOpened] = useState(false)
  const words = value === undefined && unchosen ? unchosen : rangeWords(value)
  const choose = (range: DateRange) => {
    onChange(range)
    setOpened(false)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus withinPortal returnFocus>
      <Popover.Target>
        <button type="button" className={classes.tool} aria-label={`Range: ${words}`} onClick={() => setOpened(!opened)}>
          <CalendarIcon size={15} />
          {words}
          <ChevronDownIcon size={14} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.range}>
        <div className={classes.rangeList}>
          {rangeChoices.map(({ id, label, range }) => (
            <button key={id} type="button" className={classes.rangeItem} aria-pressed={label === words} onClick={() => choose(range)}>
              {label}
            </button>
          ))}
        </div>
        <Suspense>{opened && <OwnRange value={value} onChoose={choose} />}</Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}
