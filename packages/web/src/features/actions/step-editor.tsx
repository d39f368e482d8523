import type { ActionStep } from '@hedgerow/protocol'
import { Select, TextInput } from '@mantine/core'
import { EventPicker } from '../../pickers/event-picker.tsx'
import { FilterList } from '../../pickers/filter-groups.tsx'
import { filtersIn } from '../../query-model/filters.ts'
import classes from './actions.module.css'
import { ElementPicker, UrlPicker } from './element-picker.tsx'
import { matchings, partsOf, stepProblems, takesElement, withPart } from './steps.ts'

interface StepEditorProps {
  step: ActionStep
  place: number
  onChange: (step: ActionStep) => void
}

/** What an event must be like: its name, its page, the element that was clicked, its properties. */
export function StepEditor({ step, place, onChange }: StepEditorProps) {
  const [problem] = stepProblems(step)
  return (
    <fieldset className={classes.fields} aria-label={`Step ${place}`}>
      <EventPicker
        label={`Event of step ${place}`}
        value={{ kind: 'EventsNode', event: step.event ?? null }}
        hasActions={false}
        onPick={({ event }) => onChange({ ...step, event: event ?? null })}
      />
      {takesElement(step) && <ElementPicker step={step} place={place} onChange={onChange} />}
      {partsOf(step).map((part) => (
        <div key={part.name} className={classes.part}>
          <span className={classes.partLabel}>{part.label}</span>
          {part.matching ? (
            <Select
              size="xs"
              w={124}
              aria-label={`How ${part.label} of step ${place} is compared`}
              data={[...matchings]}
              allowDeselect={false}
              value={step[part.matching] ?? (part.name === 'url' ? 'contains' : 'exact')}
              onChange={(how) => part.matching && onChange({ ...step, [part.matching]: how })}
            />
          ) : (
            <span className={classes.is}>is</span>
          )}
          <TextInput
            size="xs"
            className={classes.text ?? ''}
            aria-label={`${part.label} of step ${place}`}
            placeholder={part.placeholder}
            value={step[part.name] ?? ''}
            spellCheck={false}
            onChange={(event) => onChange(withPart(step, part, event.currentTarget.value))}
          />
          {part.name === 'url' && <UrlPicker place={place} onPick={(url) => onChange(withPart(step, part, url))} />}
        </div>
      ))}
      <FilterList
        of={`step ${place}`}
        events={step.event ? [step.event] : undefined}
        filters={filtersIn(step.properties ?? [])}
        onChange={(filters) => onChange({ ...step, properties: filters as unknown as NonNullable<ActionStep['properties']> })}
      />
      {problem && <p className={classes.problem}>{problem}</p>}
    </fieldset>
  )
}
