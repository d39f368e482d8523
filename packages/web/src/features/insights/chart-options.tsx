import { ActionIcon, Checkbox, NumberInput, Popover, SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FunnelsQuery, InsightQuery, TrendsFilter, TrendsQuery } from '../../query-model/nodes.ts'
import { displayOf, isTotal } from '../../query-model/trends.ts'
import { SettingsIcon } from '../../ui/icons.tsx'
import { unitAfter } from '../../ui/numbers.ts'
import classes from './builder.module.css'

interface ChartOptionsProps<Query extends InsightQuery> {
  query: Query
  onChange: (query: Query) => void
}

/** How the numbers are written and drawn. */
export function ChartOptions({ query, onChange }: ChartOptionsProps<InsightQuery>) {
  const [opened, setOpened] = useState(false)
  if (query.kind !== 'TrendsQuery' && query.kind !== 'FunnelsQuery') return null
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={270} shadow="md" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          title="How it is drawn"
          aria-label="How it is drawn"
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <SettingsIcon size={17} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        {query.kind === 'TrendsQuery' ? (
          <TrendsOptions query={query} onChange={onChange} />
        ) : (
          <FunnelOptions query={query} onChange={onChange} />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function FunnelOptions({ query, onChange }: ChartOptionsProps<FunnelsQuery>) {
  return (
    <div className={classes.options}>
      <span className={classes.lineLabel}>Bars</span>
      <SegmentedControl
        size="xs"
        aria-label="Bars"
        value={query.funnelsFilter?.layout ?? 'vertical'}
        onChange={(value) =>
          onChange({ ...query, funnelsFilter: { ...query.funnelsFilter, layout: value === 'horizontal' ? value : undefined } })
        }
        data={[
          { value: 'vertical', label: 'side by side' },
          { value: 'horizontal', label: 'one below another' },
        ]}
      />
    </div>
  )
}

function TrendsOptions({ query, onChange }: ChartOptionsProps<TrendsQuery>) {
  const filter = query.trendsFilter ?? {}
  const change = (part: TrendsFilter) => onChange({ ...query, trendsFilter: { ...filter, ...part } })
  const display = displayOf(query)
  const isOverTime = !isTotal(display)
  return (
    <div className={classes.options}>
      {isOverTime && (
        <Checkbox
          size="xs"
          label="Values on the chart"
          checked={filter.showValuesOnSeries ?? false}
          onChange={(event) => change({ showValuesOnSeries: event.currentTarget.checked || undefined })}
        />
      )}
      {(display === 'ActionsBar' || display === 'ActionsAreaGraph') && (
        <Checkbox
          size="xs"
          label="Shares of the whole"
          checked={filter.showPercentStackView ?? false}
          onChange={(event) => change({ showPercentStackView: event.currentTarget.checked || undefined })}
        />
      )}
      {isOverTime && (
        <Checkbox
          size="xs"
          label="Logarithmic scale"
          checked={filter.yAxisScaleType === 'log10'}
          onChange={(event) => change({ yAxisScaleType: event.currentTarget.checked ? 'log10' : undefined })}
        />
      )}
      {isOverTime && display !== 'BoxPlot' && (
        <NumberInput
          size="xs"
          label="Smooth over"
          suffix={unitAfter(filter.smoothingIntervals ?? 1, 'interval')}
          min={1}
          max={60}
          value={filter.smoothingIntervals ?? 1}
          onChange={(value) => typeof value === 'number' && change({ smoothingIntervals: value > 1 ? value : undefined })}
        />
      )}
      <div className={classes.optionPair}>
        <TextInput
          size="xs"
          label="Before numbers"
          placeholder="€"
          maxLength={8}
          value={filter.aggregationAxisPrefix ?? ''}
          onChange={(event) => change({ aggregationAxisPrefix: event.currentTarget.value || undefined })}
        />
        <TextInput
          size="xs"
          label="After numbers"
          placeholder=" kg"
          maxLength={12}
          value={filter.aggregationAxisPostfix ?? ''}
          onChange={(event) => change({ aggregationAxisPostfix: event.currentTarget.value || undefined })}
        />
      </div>
      <NumberInput
        size="xs"
        label="Decimal places"
        placeholder="as needed"
        min={0}
        max={6}
        value={filter.decimalPlaces ?? ''}
        onChange={(value) => change({ decimalPlaces: typeof value === 'number' ? value : undefined })}
      />
    </div>
  )
}
