import { Button, Popover, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FilterList } from '../../pickers/filter-groups.tsx'
import { rangeChoices, rangeWords } from '../../query-model/date-range.ts'
import { filtersWords } from '../../query-model/operators.ts'
import { CalendarIcon, ChevronDownIcon, FilterIcon } from '../../ui/icons.tsx'
import { countOf } from '../../ui/numbers.ts'
import { PickList } from '../../ui/pick-list.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './dashboards.module.css'
import { type DashboardSearch, filtersOf, type OwnOverride, rangeOf } from './override.ts'

interface OverrideBarProps {
  /** What the dashboard itself says. */
  own: OwnOverride
  /** Stores it for everyone. */
  onOwn: (own: OwnOverride) => Promise<unknown>
  search: DashboardSearch
  onSearch: (change: DashboardSearch) => void
}

/** The time and the conditions of the whole page. */
export function OverrideBar(props: OverrideBarProps) {
  return (
    <>
      <RangeChoice {...props} />
      <FilterChoice {...props} />
    </>
  )
}

function RangeChoice({ own, search, onSearch, onOwn }: OverrideBarProps) {
  const range = rangeOf(search) ?? own.range
  return (
    <PickList
      label={`Range of all tiles: ${range ? rangeWords(range) : "Tiles' own dates"}`}
      hasSearch={false}
      width={280}
      className={classes.tool}
      value={range ? `${range.date_from ?? ''}:${range.date_to ?? ''}` : 'own'}
      groups={[
        { label: '', options: [{ value: 'own', label: 'Each tile its own dates' }] },
        { label: 'All tiles', options: rangeChoices.map(({ id, label }) => ({ value: id, label })) },
      ]}
      onPick={(picked) => {
        const found = rangeChoices.find(({ id }) => id === picked)?.range
        onSearch({ from: found?.date_from ?? undefined, to: found?.date_to ?? undefined })
        // Without one, the dashboard's own comes back: so that goes, too.
        if (!found && own.range) void onOwn({ ...own, range: undefined })
      }}
      head={<Days search={search} onSearch={onSearch} />}
    >
      <CalendarIcon size={15} />
      {range ? rangeWords(range) : "Tiles' own dates"}
      <ChevronDownIcon size={14} />
    </PickList>
  )
}

function Days({ search, onSearch }: Pick<OverrideBarProps, 'search' | 'onSearch'>) {
  const dayOf = (text: string | undefined) => (text && /^\d{4}-\d{2}-\d{2}/.test(text) ? text.slice(0, 10) : '')
  return (
    <div className={classes.days}>
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          size="xs"
          type="date"
          aria-label={end === 'from' ? 'From' : 'To'}
          value={dayOf(search[end])}
          onChange={(event) => onSearch({ ...search, [end]: event.currentTarget.value || undefined })}
        />
      ))}
    </div>
  )
}

function FilterChoice({ own, search, onSearch, onOwn }: OverrideBarProps) {
  const [opened, setOpened] = useState(false)
  const filters = filtersOf(search)
  const count = filters.length + own.filters.length
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" withinPortal trapFocus returnFocus width={420}>
      <Popover.Target>
        <button type="button" className={classes.tool} onClick={() => setOpened(!opened)}>
          <FilterIcon size={15} />
          {count === 0 ? 'Filter all' : countOf(count, 'filter')}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.filters}>
        {own.filters.length > 0 && (
          <div className={classes.ownFilters}>
            <span>
              For everyone: <Untrusted>{filtersWords(own.filters)}</Untrusted>
            </span>
            <Button size="compact-sm" variant="subtle" color="gray" onClick={() => void onOwn({ ...own, filters: [] })}>
              Remove
            </Button>
          </div>
        )}
        <FilterList
          filters={filters}
          of="the dashboard"
          onChange={(next) => onSearch({ where: next.length === 0 ? undefined : JSON.stringify(next) })}
        />
        {filters.length > 0 && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => onSearch({ where: undefined })}>
            Remove all
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
