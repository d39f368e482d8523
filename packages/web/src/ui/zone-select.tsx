import { Select } from '@mantine/core'
import { useMemo } from 'react'
import { zoneOffset } from './time.ts'

interface ZoneSelectProps {
  label: string
  description?: string | undefined
  value: string
  onChange: (zone: string) => void
  error?: string | undefined
  size?: 'sm' | 'md'
}

/** All zones that the browser knows, each with its present offset; found by typing a part of the name. */
export function ZoneSelect({ value, onChange, ...rest }: ZoneSelectProps) {
  const data = useMemo(() => {
    const known = ['UTC', ...Intl.supportedValuesOf('timeZone')]
    const zones = known.includes(value) ? known : [value, ...known]
    const now = Date.now()
    return [...new Set(zones)].map((zone) => ({ value: zone, label: `${zone.replaceAll('_', ' ')} (${zoneOffset(now, zone)})` }))
  }, [value])
  return (
    <Select
      {...rest}
      data={data}
      value={value}
      onChange={(zone) => {
        if (zone) onChange(zone)
      }}
      searchable
      allowDeselect={false}
      limit={80}
      maxDropdownHeight={280}
      nothingFoundMessage="No such time zone"
    />
  )
}
