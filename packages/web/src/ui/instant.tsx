import { Tooltip } from '@mantine/core'
import { useNow } from './clock.ts'
import classes from './instant.module.css'
import { formatInstant, type InstantStyle, relativeTime, zoneReadings } from './time.ts'
import { useZone, viewerZone } from './zone.tsx'

interface InstantProps {
  at: string
  /** `relative` is `12 s ago`, kept current. */
  style: InstantStyle | 'relative'
}

/** An instant in the project's zone; the viewer's zone and UTC on hover. */
export function Instant({ at, style }: InstantProps) {
  const zone = useZone()
  return (
    <Tooltip label={<Readings at={at} zone={zone} />}>
      <time dateTime={at} className={classes.instant}>
        {style === 'relative' ? <Relative at={at} /> : formatInstant(at, zone, style)}
      </time>
    </Tooltip>
  )
}

function Relative({ at }: { at: string }) {
  return relativeTime(at, useNow())
}

function Readings({ at, zone }: { at: string; zone: string }) {
  return (
    <dl className={classes.readings}>
      {zoneReadings(at, zone, viewerZone).map(({ label, text }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}
