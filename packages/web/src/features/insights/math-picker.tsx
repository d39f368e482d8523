import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { groupTypesQuery } from '../../api-client/groups.ts'
import { PropertyPicker } from '../../pickers/property-picker.tsx'
import { mathOf, maths, withMath } from '../../query-model/math.ts'
import type { SeriesNode } from '../../query-model/nodes.ts'
import { propertyLabel } from '../../query-model/operators.ts'
import { ChevronDownIcon } from '../../ui/icons.tsx'
import { PickList } from '../../ui/pick-list.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './builder.module.css'

interface MathPickerProps {
  series: SeriesNode
  onChange: (series: SeriesNode) => void
  /** For assistive technology, e.g. `series A`. */
  of: string
  events: readonly string[] | undefined
}

/** What of an event is measured. */
export function MathPicker({ series, onChange, of, events }: MathPickerProps) {
  const project = useProject()
  const groupTypes = useQuery(groupTypesQuery(project.id))
  const groupMaths = (groupTypes.data ?? []).map(({ group_type: type, group_type_index: index, name_plural: plural }) => ({
    value: `group ${index}`,
    label: `Unique ${plural ?? `${type}s`}`,
    about: 'Each group counts once in each interval.',
  }))
  const math = mathOf(series.math)
  const isGroup = series.math === 'unique_group'
  const groupLabel = groupMaths.find(({ value }) => value === `group ${series.math_group_type_index}`)?.label
  const label = isGroup ? (groupLabel ?? 'Unique groups') : math.label
  const groupNames = [...new Set(maths.map(({ group }) => group))]
  const measured = series.math_property ? `of ${propertyLabel(series.math_property)}` : 'of which property?'
  return (
    <div className={classes.math}>
      <PickList
        label={`What is measured of ${of}: ${label}`}
        placeholder="Search measures"
        width={330}
        className={classes.quiet}
        value={isGroup ? `group ${series.math_group_type_index}` : math.id}
        groups={[
          ...groupNames.map((name) => ({
            label: name,
            options: maths.filter(({ group }) => group === name).map(({ id, label: words, about }) => ({ value: id, label: words, about })),
          })),
          { label: 'Groups', options: groupMaths },
        ]}
        onPick={(picked) => {
          const group = /^group (\d)$/.exec(picked)
          onChange(
            group
              ? { ...withMath(series, 'total'), math: 'unique_group', math_group_type_index: Number(group[1]) }
              : { ...withMath(series, picked), math_group_type_index: undefined },
          )
        }}
      >
        {label}
        <ChevronDownIcon size={13} />
      </PickList>
      {math.ofProperty && (
        <PropertyPicker
          label={`Property that is measured of ${of}: ${measured}`}
          owners={['event', 'session', 'person']}
          hasGroups={false}
          isNumerical
          events={events}
          className={classes.quiet ?? ''}
          onPick={({ key, type }) =>
            onChange({ ...series, math_property: key, math_property_type: type === 'event' ? undefined : `${type}_properties` })
          }
        >
          <Untrusted>{measured}</Untrusted>
          <ChevronDownIcon size={13} />
        </PropertyPicker>
      )}
      {math.id === 'hogql' && <Expression key={series.math_hogql} series={series} onChange={onChange} of={of} />}
    </div>
  )
}

function Expression({ series, onChange, of }: Omit<MathPickerProps, 'events'>) {
  const [text, setText] = useState(series.math_hogql ?? '')
  const settle = () => {
    if (text.trim() !== series.math_hogql) onChange({ ...series, math_hogql: text.trim() })
  }
  return (
    <TextInput
      className={classes.expression}
      size="xs"
      aria-label={`SQL expression of ${of}`}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && settle()}
      spellCheck={false}
    />
  )
}
