import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { groupTypesQuery } from '../../api-client/groups.ts'
import { countedBy, withCounted } from '../../query-model/counted.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import classes from './builder.module.css'
import { Choice } from './choice.tsx'
import { Line, Section } from './section.tsx'

interface CountedSectionProps {
  query: InsightQuery
  onChange: (query: InsightQuery) => void
}

// limit: so many parts of everyone are offered; an address may say another.
const samples = [1, 0.5, 0.25, 0.1, 0.05, 0.01]

/** Who is counted: persons, groups, and in a funnel whatever an expression tells apart; all of them, or a sample. */
export function CountedSection({ query, onChange }: CountedSectionProps) {
  const project = useProject()
  const groupTypes = useQuery(groupTypesQuery(project.id)).data ?? []
  const counted = countedBy(query)
  const share = query.samplingFactor ?? 1
  const shares = samples.includes(share) ? samples : [...samples, share].sort((one, other) => other - one)
  return (
    <Section title="Who counts">
      <Line label="Counted are">
        <Choice
          label="Who is counted"
          value={counted.kind}
          width={260}
          options={[
            { value: 'persons', label: 'persons' },
            ...groupTypes.map(({ group_type: type, group_type_index: index, name_plural: plural }) => ({
              value: `group ${index}`,
              label: plural ?? `${type}s`,
              about: 'Each by what all of its people do.',
            })),
            ...(query.kind === 'FunnelsQuery'
              ? [
                  { value: 'sessions', label: 'sessions', about: 'All steps within one visit.' },
                  { value: 'expression', label: 'values of an expression', about: 'In SQL, such as properties.order_id.' },
                ]
              : []),
          ]}
          onChange={(kind) => onChange(withCounted(query, kind))}
        />
      </Line>
      {counted.kind === 'expression' && query.kind === 'FunnelsQuery' && (
        <Expression
          key={counted.expression}
          value={counted.expression ?? ''}
          onChange={(text) => onChange({ ...query, funnelsFilter: { ...query.funnelsFilter, funnelAggregateByHogQL: text } })}
        />
      )}
      <Line label="Of them">
        <Choice
          label="How many of them"
          value={String(share)}
          width={260}
          options={shares.map((each) => ({
            value: String(each),
            label: each === 1 ? 'all' : `a sample of ${each * 100} %`,
            ...(each === 1 ? {} : { about: 'The same people each time; counts are made up for it.' }),
          }))}
          onChange={(value) => onChange({ ...query, samplingFactor: value === '1' ? undefined : Number(value) })}
        />
      </Line>
    </Section>
  )
}

function Expression({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  const settle = () => text.trim() !== '' && text.trim() !== value && onChange(text.trim())
  return (
    <TextInput
      className={classes.expression}
      size="xs"
      aria-label="Expression that tells apart what is counted"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && settle()}
      spellCheck={false}
    />
  )
}
