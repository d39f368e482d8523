import { ActionIcon, Button, TextInput } from '@mantine/core'
import { CrossIcon, PlusIcon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { placed } from '../../ui/placed.ts'
import classes from './settings.module.css'
import type { SettingsForm } from './settings-form.ts'

interface PathCleaningPanelProps {
  form: SettingsForm
  onChange: (part: Partial<SettingsForm>) => void
}

/** How addresses that differ by an id alone become one. */
export function PathCleaningPanel({ form, onChange }: PathCleaningPanelProps) {
  const rules = form.path_cleaning_filters
  const change = (next: SettingsForm['path_cleaning_filters']) => onChange({ path_cleaning_filters: next })
  const replace = (place: number, part: { regex?: string; alias?: string }) =>
    change(rules.map((rule, index) => (index === place ? { ...rule, ...part } : rule)))
  return (
    <Panel
      title="Path cleaning"
      note="What a rule matches in an address is replaced, one rule after the other. Paths and breakdowns that are asked to clean addresses count alike pages as one."
    >
      <div className={classes.parts}>
        {placed(rules).map(({ key, place, item: { regex, alias } }) => (
          <div key={`${key} of ${rules.length}`} className={classes.rule}>
            <TextInput
              label={place === 0 ? 'Regular expression' : undefined}
              aria-label={`Regular expression ${place + 1}`}
              placeholder="/orders/\d+"
              value={regex}
              maxLength={1000}
              spellCheck={false}
              onChange={(event) => replace(place, { regex: event.currentTarget.value })}
            />
            <TextInput
              label={place === 0 ? 'Becomes' : undefined}
              aria-label={`What rule ${place + 1} replaces it with`}
              placeholder="/orders/<id>"
              value={alias}
              maxLength={400}
              spellCheck={false}
              onChange={(event) => replace(place, { alias: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={`Remove rule ${place + 1}`}
              onClick={() => change(rules.filter((_, index) => index !== place))}
            >
              <CrossIcon size={15} />
            </ActionIcon>
          </div>
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes.start ?? ''}
          leftSection={<PlusIcon size={13} />}
          onClick={() => change([...rules, { regex: '', alias: '' }])}
        >
          Add a rule
        </Button>
      </div>
    </Panel>
  )
}
