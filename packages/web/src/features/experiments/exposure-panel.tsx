import { Autocomplete, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { eventChoicesQuery } from '../../api-client/definitions.ts'
import { Panel } from '../../ui/page.tsx'
import classes from './experiments.module.css'
import type { ExperimentDraft } from './plan.ts'

interface ExposurePanelProps {
  projectId: number
  draft: ExperimentDraft
  onChange: (change: Partial<ExperimentDraft>) => void
  error: string | undefined
}

/** Who is in the experiment: whoever the flag is asked for, or whoever an event of the app's own names. */
export function ExposurePanel({ projectId, draft, onChange, error }: ExposurePanelProps) {
  const { exposure, exposureEvent, nameProperty, variantProperty } = draft
  const events = useQuery({ ...eventChoicesQuery(projectId, exposureEvent), enabled: exposure === 'event' })
  return (
    <Panel
      title="Who is in it?"
      note="Whom the app asks the flag for, or whom an event of its own names; counted from when they first saw a variant. Test accounts are left out."
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label="Who is in it"
          value={exposure}
          onChange={(value) => onChange({ exposure: value as ExperimentDraft['exposure'] })}
          data={[
            { value: 'flag', label: 'By the flag' },
            { value: 'event', label: 'By an event' },
          ]}
        />
        {exposure === 'event' && (
          <>
            <Autocomplete
              label="Event that is sent when somebody sees a variant"
              value={exposureEvent}
              error={error}
              onChange={(event) => onChange({ exposureEvent: event })}
              data={events.data?.map(({ name }) => name) ?? []}
              limit={50}
            />
            <div className={classes.fields}>
              <TextInput
                label="Property with the experiment"
                value={nameProperty}
                onChange={(event) => onChange({ nameProperty: event.currentTarget.value })}
              />
              <TextInput
                label="Property with the variant"
                value={variantProperty}
                onChange={(event) => onChange({ variantProperty: event.currentTarget.value })}
              />
            </div>
            <p className={classes.hypothesis}>The experiment is named by its name here, or by the key of its flag.</p>
          </>
        )}
      </Stack>
    </Panel>
  )
}
