import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { groupTypesQuery } from '../../api-client/groups.ts'
import type { SeriesNode } from '../../query-model/nodes.ts'
import classes from './builder.module.css'
import { Choice } from './choice.tsx'

interface ActorChoiceProps {
  series: SeriesNode
  onChange: (series: SeriesNode) => void
  /** For assistive technology, e.g. `series A`. */
  of: string
}

/** Who is told apart in one series of stickiness: persons, groups, or the values of an expression. */
export function ActorChoice({ series, onChange, of }: ActorChoiceProps) {
  const project = useProject()
  const groupTypes = useQuery(groupTypesQuery(project.id)).data ?? []
  const value =
    series.math === 'unique_group' ? `group ${series.math_group_type_index ?? 0}` : series.math === 'hogql' ? 'expression' : 'usual'
  const { math: _math, math_group_type_index: _index, math_hogql: expression, ...rest } = series
  return (
    <div className={classes.math}>
      <Choice
        label={`Who is counted in ${of}`}
        value={value}
        className={classes.quiet}
        options={[
          { value: 'usual', label: 'As all series' },
          ...groupTypes.map(({ group_type: type, group_type_index: index, name_plural: plural }) => ({
            value: `group ${index}`,
            label: `Unique ${plural ?? `${type}s`}`,
          })),
          { value: 'expression', label: 'Values of an expression', about: 'In SQL, such as properties.order_id.' },
        ]}
        onChange={(picked) => {
          const group = /^group (\d)$/.exec(picked)
          if (group) onChange({ ...rest, math: 'unique_group', math_group_type_index: Number(group[1]) })
          else onChange(picked === 'expression' ? { ...rest, math: 'hogql', math_hogql: expression ?? 'distinct_id' } : rest)
        }}
      />
      {value === 'expression' && (
        <Expression key={expression} value={expression ?? ''} of={of} onChange={(text) => onChange({ ...series, math_hogql: text })} />
      )}
    </div>
  )
}

function Expression({ value, of, onChange }: { value: string; of: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  const settle = () => text.trim() !== '' && text.trim() !== value && onChange(text.trim())
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
