import { Checkbox, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type PathsFilter, type PathsQuery, pathEventTypes } from '../../query-model/nodes.ts'
import { mostSteps, pathTypeWords } from '../../query-model/paths.ts'
import { CrossIcon } from '../../ui/icons.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './builder.module.css'
import { Line, Section } from './section.tsx'

interface PathsRailProps {
  query: PathsQuery
  onChange: (query: PathsQuery) => void
}

/** Which steps count, where ways begin and end, and how alike steps become one. */
export function PathsRail({ query, onChange }: PathsRailProps) {
  const filter = query.pathsFilter ?? {}
  const change = (part: PathsFilter) => onChange({ ...query, pathsFilter: { ...filter, ...part } })
  const types = filter.includeEventTypes ?? []
  return (
    <>
      <Section title="Steps are">
        <div className={classes.checks}>
          {pathEventTypes.map((type) => (
            <Checkbox
              key={type}
              size="xs"
              label={pathTypeWords[type]}
              checked={types.includes(type) || types.length === 0}
              onChange={() => {
                const shown = types.length === 0 ? [...pathEventTypes] : types
                change({ includeEventTypes: shown.includes(type) ? shown.filter((each) => each !== type) : [...shown, type] })
              }}
            />
          ))}
        </div>
      </Section>
      <Section title="Ways">
        <Line label="Begin at">
          <SettledText
            label="Where ways begin"
            placeholder="anywhere"
            value={filter.startPoint}
            onChange={(startPoint) => change({ startPoint })}
          />
        </Line>
        <Line label="End at">
          <SettledText
            label="Where ways end"
            placeholder="anywhere"
            value={filter.endPoint}
            onChange={(endPoint) => change({ endPoint })}
          />
        </Line>
        <Line label="Up to">
          <NumberInput
            size="xs"
            w={92}
            min={2}
            max={mostSteps}
            suffix=" steps"
            aria-label="How many steps"
            value={filter.stepLimit ?? 5}
            onChange={(value) => typeof value === 'number' && change({ stepLimit: value })}
          />
          <NumberInput
            size="xs"
            w={92}
            min={1}
            max={1000}
            suffix=" ways"
            aria-label="How many ways"
            value={filter.edgeLimit ?? 50}
            onChange={(value) => typeof value === 'number' && change({ edgeLimit: value })}
          />
        </Line>
        <Line label="Taken at least">
          <NumberInput
            size="xs"
            w={92}
            min={0}
            suffix=" times"
            aria-label="Least number of times"
            value={filter.minEdgeWeight ?? 0}
            onChange={(value) => typeof value === 'number' && change({ minEdgeWeight: value > 0 ? value : undefined })}
          />
        </Line>
      </Section>
      <Section title="Alike steps">
        <TextList
          label="One step for all that match"
          placeholder="/project/*/edit"
          values={filter.pathGroupings ?? []}
          onChange={(pathGroupings) => change({ pathGroupings })}
        />
        <TextList
          label="Steps left out"
          placeholder="/sign-in"
          values={filter.excludeEvents ?? []}
          onChange={(excludeEvents) => change({ excludeEvents })}
        />
        <Checkbox
          size="xs"
          label="Clean addresses as the project's settings say"
          checked={filter.pathReplacements ?? false}
          onChange={(event) => change({ pathReplacements: event.currentTarget.checked ? true : undefined })}
        />
      </Section>
    </>
  )
}

interface SettledTextProps {
  label: string
  placeholder: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}

function SettledText({ value, ...rest }: SettledTextProps) {
  return <SettledField key={value ?? ''} value={value} {...rest} />
}

function SettledField({ label, placeholder, value, onChange }: SettledTextProps) {
  const [text, setText] = useState(value ?? '')
  const settle = () => {
    const next = text.trim() === '' ? undefined : text.trim()
    if (next !== value) onChange(next)
  }
  return (
    <TextInput
      size="xs"
      className={classes.grow}
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && settle()}
      spellCheck={false}
    />
  )
}

interface TextListProps {
  label: string
  placeholder: string
  values: readonly string[]
  onChange: (values: string[]) => void
}

function TextList({ label, placeholder, values, onChange }: TextListProps) {
  const [text, setText] = useState('')
  const add = () => {
    const next = text.trim()
    if (next !== '' && !values.includes(next)) onChange([...values, next])
    setText('')
  }
  return (
    <div className={classes.textList}>
      <TextInput
        size="xs"
        label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={add}
        onKeyDown={(event) => event.key === 'Enter' && add()}
        spellCheck={false}
      />
      {values.length > 0 && (
        <div className={classes.chips}>
          {values.map((value) => (
            <span key={value} className={classes.chip}>
              <Untrusted>{value}</Untrusted>
              <button
                type="button"
                aria-label={`Remove ${value.slice(0, 60)}`}
                onClick={() => onChange(values.filter((each) => each !== value))}
              >
                <CrossIcon size={12} />
              </button>
            </span>
          ))}
        </div>
      )}
    </div>
  )
}
