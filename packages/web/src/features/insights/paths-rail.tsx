import { ActionIcon, Checkbox, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type FunnelPathsFilter, type FunnelsQuery, type PathsFilter, type PathsQuery, pathEventTypes } from '../../query-model/nodes.ts'
import { mostSteps, pathTypeWords } from '../../query-model/paths.ts'
import { seriesName } from '../../query-model/series.ts'
import { CrossIcon, PlusIcon } from '../../ui/icons.tsx'
import { unitAfter } from '../../ui/numbers.ts'
import { placed } from '../../ui/placed.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './builder.module.css'
import { Choice } from './choice.tsx'
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
      {query.funnelPathsFilter?.funnelSource && (
        <OfFunnel query={query} source={query.funnelPathsFilter.funnelSource} onChange={onChange} />
      )}
      <Section title="Steps are">
        <div className={classes.checks}>
          {pathEventTypes.map((type) => (
            <Checkbox
              key={type}
              size="xs"
              label={pathTypeWords[type]}
              checked={types.includes(type)}
              onChange={() =>
                change({ includeEventTypes: types.includes(type) ? types.filter((each) => each !== type) : [...types, type] })
              }
            />
          ))}
          <Checkbox
            size="xs"
            label="Named by an SQL expression"
            checked={types.includes('hogql')}
            onChange={(event) =>
              change(
                event.currentTarget.checked
                  ? { includeEventTypes: [...types, 'hogql'], pathsHogQLExpression: filter.pathsHogQLExpression ?? 'event' }
                  : { includeEventTypes: types.filter((each) => each !== 'hogql'), pathsHogQLExpression: undefined },
              )
            }
          />
          {types.includes('hogql') && (
            <SettledText
              label="Expression that steps are named by"
              placeholder="properties.$current_url"
              value={filter.pathsHogQLExpression}
              onChange={(pathsHogQLExpression) => change({ pathsHogQLExpression })}
            />
          )}
        </div>
        {!pathEventTypes.some((type) => types.includes(type)) && (
          <p className={classes.hintText}>No kind of event is ticked, so every event is a step.</p>
        )}
      </Section>
      <Section title="Paths">
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
            suffix={unitAfter(filter.edgeLimit ?? 50, 'way')}
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
            suffix={unitAfter(filter.minEdgeWeight ?? 0, 'time')}
            aria-label="Least number of times"
            value={filter.minEdgeWeight ?? 0}
            onChange={(value) => typeof value === 'number' && change({ minEdgeWeight: value > 0 ? value : undefined })}
          />
        </Line>
        <Line label="At most">
          <NumberInput
            size="xs"
            w={112}
            min={1}
            suffix={unitAfter(filter.maxEdgeWeight, 'time')}
            placeholder="any number"
            aria-label="Greatest number of times"
            value={filter.maxEdgeWeight ?? ''}
            onChange={(value) => change({ maxEdgeWeight: typeof value === 'number' ? value : undefined })}
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
        <CleaningRules rules={filter.localPathCleaningFilters ?? []} onChange={(rules) => change({ localPathCleaningFilters: rules })} />
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

/** Only the ways around a step of a funnel. */
function OfFunnel({ query, source, onChange }: PathsRailProps & { source: FunnelsQuery }) {
  const filter = query.funnelPathsFilter ?? {}
  const step = filter.funnelStep ?? 1
  const change = (part: FunnelPathsFilter) => onChange({ ...query, funnelPathsFilter: { ...filter, ...part } })
  const steps = source.series.flatMap((series, index) => {
    const number = index + 1
    return [
      { value: String(number), label: `who reached step ${number}`, about: seriesName(series) },
      ...(index === 0 ? [] : [{ value: String(-number), label: `who stopped before step ${number}`, about: seriesName(series) }]),
    ]
  })
  return (
    <Section
      title="Around a funnel"
      end={
        <ActionIcon
          variant="subtle"
          color="gray"
          size={26}
          aria-label="All ways, not only those around the funnel"
          onClick={() => onChange({ ...query, funnelPathsFilter: undefined })}
        >
          <CrossIcon size={14} />
        </ActionIcon>
      }
    >
      <p className={classes.hintText}>
        <Untrusted lines="many">{source.series.map(seriesName).join(' → ')}</Untrusted>
      </p>
      <Line label="Paths of those">
        <Choice
          label="Whose ways"
          value={String(step)}
          width={280}
          options={steps}
          onChange={(value) => change({ funnelStep: Number(value) })}
        />
      </Line>
      <Line label="As they went">
        <Choice
          label="Which part of the way"
          value={filter.funnelPathType ?? 'funnel_path_after_step'}
          width={280}
          options={[
            { value: 'funnel_path_before_step', label: 'before that step' },
            ...(step >= 2 ? [{ value: 'funnel_path_between_steps' as const, label: 'since the step before' }] : []),
            { value: 'funnel_path_after_step', label: step < 0 ? 'after the last step they did' : 'after that step' },
          ]}
          onChange={(funnelPathType) => change({ funnelPathType })}
        />
      </Line>
    </Section>
  )
}

type CleaningRule = NonNullable<PathsFilter['localPathCleaningFilters']>[number]

/** What is alike by a regular expression becomes one step. */
function CleaningRules({ rules, onChange }: { rules: readonly CleaningRule[]; onChange: (rules: CleaningRule[]) => void }) {
  const replace = (place: number, part: Partial<CleaningRule>) =>
    onChange(rules.map((rule, at) => (at === place ? { ...rule, ...part } : rule)))
  return (
    <div className={classes.textList}>
      {placed(rules).map(({ key, place, item: rule }) => (
        <div key={`${key} of ${rules.length}`} className={classes.rule}>
          <SettledText
            label={`Regular expression ${place + 1}`}
            placeholder="/orders/\\d+"
            value={rule.regex}
            onChange={(regex = '') => replace(place, { regex })}
          />
          <SettledText
            label={`What it becomes ${place + 1}`}
            placeholder="/orders/:id"
            value={rule.alias}
            onChange={(alias = '') => replace(place, { alias })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            aria-label={`Remove rule ${place + 1}`}
            onClick={() => onChange(rules.filter((_, at) => at !== place))}
          >
            <CrossIcon size={14} />
          </ActionIcon>
        </div>
      ))}
      <button type="button" className={classes.addButton} onClick={() => onChange([...rules, { regex: '', alias: '' }])}>
        <PlusIcon size={15} />
        Rule that shortens steps
      </button>
    </div>
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
