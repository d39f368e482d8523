import { MultiSelect, SegmentedControl, Select } from '@mantine/core'
import { isNumericColumn } from '../../charts/rows/cells.ts'
import { chartColumns } from '../../charts/rows/rows-chart.ts'
import classes from './sql.module.css'
import type { SqlChart } from './sql-tabs.ts'

interface ChartSettingsProps {
  columns: readonly string[]
  rows: readonly (readonly unknown[])[]
  chart: SqlChart
  onChart: (chart: SqlChart) => void
}

/** Which columns are drawn, and how. */
export function ChartSettings({ columns, rows, chart, onChart }: ChartSettingsProps) {
  const chosen = chartColumns(columns, rows, chart)
  const names = [...new Set(columns)]
  const numeric = names.filter((name) => isNumericColumn(rows, columns.indexOf(name)))
  return (
    <div className={classes.chartSettings}>
      <SegmentedControl
        size="xs"
        aria-label="Kind of chart"
        value={chart.shape}
        onChange={(shape) => onChart({ ...chart, shape: shape as SqlChart['shape'] })}
        data={[
          { value: 'line', label: 'Line' },
          { value: 'bar', label: 'Bars' },
          { value: 'area', label: 'Area' },
          { value: 'number', label: 'Number' },
        ]}
      />
      {chart.shape !== 'number' && (
        <Select
          size="xs"
          aria-label="Across"
          data={names}
          value={chosen ? (columns[chosen.x] ?? null) : null}
          onChange={(x) => onChart({ ...chart, x: x ?? undefined })}
          leftSection={<span className={classes.axis}>x</span>}
        />
      )}
      <MultiSelect
        size="xs"
        aria-label="Up"
        data={numeric}
        value={chosen?.y.map((index) => columns[index] ?? '') ?? []}
        onChange={(y) => onChart({ ...chart, y: y.length === 0 ? undefined : y })}
        leftSection={<span className={classes.axis}>y</span>}
      />
    </div>
  )
}
