import type { FlagFilter } from '@hedgerow/protocol'
import { ActionIcon, Button, Checkbox, NumberInput, Select, Slider, Tooltip } from '@mantine/core'
import { CohortPicker } from '../../pickers/cohort-picker.tsx'
import { PlusIcon, TrashIcon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { FlagFilterRow } from './flag-filter-row.tsx'
import { type FlagDraft, type FormProblem, newSet, nextSetId, type SetDraft } from './flag-form.ts'
import { FlagPicker, OwnPropertyPicker } from './flag-pickers.tsx'
import type { FlagNames } from './flag-words.ts'
import classes from './flags.module.css'
import { SetReach } from './set-reach.tsx'

interface SetsPanelProps {
  projectId: number
  flagId: number | undefined
  draft: FlagDraft
  names: FlagNames
  problems: readonly FormProblem[]
  onChange: (change: Partial<FlagDraft>) => void
}

/** Release conditions: the first set that matches somebody decides. */
export function SetsPanel({ projectId, flagId, draft, names, problems, onChange }: SetsPanelProps) {
  const { sets } = draft
  const change = (id: number, next: Partial<SetDraft>) => onChange({ sets: sets.map((set) => (set.id === id ? { ...set, ...next } : set)) })
  return (
    <Panel title="Who gets it?" note="Everybody whom one of the sets matches. Within a set all conditions must hold.">
      <div className={classes.stack}>
        {sets.map((set, index) => (
          <div key={set.id} className={classes.stack}>
            {index > 0 && <span className={classes.or}>or</span>}
            <SetCard
              {...{ projectId, flagId, set, names }}
              place={index + 1}
              variants={draft.variants.map(({ key }) => key).filter((key) => key !== '')}
              problem={problems.find(({ field }) => field === `set ${set.id}`)?.text}
              onChange={(next) => change(set.id, next)}
              onRemove={sets.length > 1 ? () => onChange({ sets: sets.filter(({ id }) => id !== set.id) }) : undefined}
            />
          </div>
        ))}
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<PlusIcon size={14} />}
            onClick={() => onChange({ sets: [...sets, newSet(nextSetId(sets))] })}
          >
            Add a set
          </Button>
        </div>
        {(sets.length > 1 || draft.stopsEarly) && (
          <Checkbox
            label="Stop where a rollout leaves somebody out"
            description="Whom a set matches, but whose place is outside of its rollout, is not looked at by the sets after it."
            checked={draft.stopsEarly}
            onChange={(event) => onChange({ stopsEarly: event.currentTarget.checked })}
          />
        )}
      </div>
    </Panel>
  )
}

interface SetCardProps extends Pick<SetsPanelProps, 'projectId' | 'flagId' | 'names'> {
  set: SetDraft
  place: number
  variants: string[]
  problem: string | undefined
  onChange: (change: Partial<SetDraft>) => void
  onRemove: (() => void) | undefined
}

function SetCard({ projectId, flagId, set, place, variants, names, problem, onChange, onRemove }: SetCardProps) {
  const { filters, groupTypeIndex } = set
  const add = (filter: FlagFilter) => onChange({ filters: [...filters, filter] })
  return (
    <fieldset className={classes.set} aria-label={`Set ${place}`}>
      <div className={classes.setHead}>
        <span>Set {place}</span>
        {onRemove && (
          <Tooltip label="Remove this set">
            <ActionIcon variant="subtle" color="gray" aria-label={`Remove set ${place}`} onClick={onRemove}>
              <TrashIcon size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {filters.length === 0 && <p className={classes.soft}>Everyone. Add a condition to narrow it down.</p>}
      {filters.map((filter, index) => (
        <FlagFilterRow
          key={`filter-${String(index)}`}
          {...{ filter, groupTypeIndex, flagId, names }}
          onChange={(next) => onChange({ filters: filters.map((each, at) => (at === index ? next : each)) })}
          onRemove={() => onChange({ filters: filters.filter((_, at) => at !== index) })}
        />
      ))}
      <div className={classes.buttons}>
        <OwnPropertyPicker
          label={`Add: Property, to set ${place}`}
          className={classes.add}
          groupTypeIndex={groupTypeIndex}
          onPick={(chosen) => add({ ...chosen, operator: 'exact' })}
        >
          <PlusIcon size={14} /> Property
        </OwnPropertyPicker>
        {groupTypeIndex === null && (
          <CohortPicker
            label={`Add: Cohort, to set ${place}`}
            className={classes.add ?? ''}
            onPick={({ id, name }) => add({ type: 'cohort', key: 'id', operator: 'in', value: id, cohort_name: name })}
          >
            <PlusIcon size={14} /> Cohort
          </CohortPicker>
        )}
        <FlagPicker
          label={`Add: Flag, to set ${place}`}
          className={classes.add}
          exceptId={flagId}
          onPick={({ id, key }) => add({ type: 'flag', key: id, label: key, operator: 'flag_evaluates_to', value: true })}
        >
          <PlusIcon size={14} /> Flag
        </FlagPicker>
      </div>
      <Rollout place={place} value={set.rollout} onChange={(rollout) => onChange({ rollout })} />
      {(variants.length > 0 || set.variant !== null || names.groups.size > 0) && (
        <div className={classes.ask}>
          {names.groups.size > 0 && (
            <Select
              size="xs"
              w={180}
              label="Rolled out by"
              allowDeselect={false}
              value={groupTypeIndex === null ? 'person' : String(groupTypeIndex)}
              data={[{ value: 'person', label: 'Person' }, ...[...names.groups].map(([index, label]) => ({ value: String(index), label }))]}
              onChange={(value) =>
                // why: properties of persons mean nothing for a group, and the other way round.
                onChange({
                  groupTypeIndex: value === 'person' ? null : Number(value),
                  filters: filters.filter(({ type }) => type === 'flag'),
                })
              }
            />
          )}
          {(variants.length > 0 || set.variant !== null) && (
            <Select
              size="xs"
              w={180}
              label="Always this variant"
              placeholder="By the shares"
              clearable
              value={set.variant}
              data={[...new Set([...variants, ...(set.variant === null ? [] : [set.variant])])]}
              onChange={(variant) => onChange({ variant })}
            />
          )}
        </div>
      )}
      <SetReach projectId={projectId} set={set} groupName={groupTypeIndex === null ? undefined : names.groups.get(groupTypeIndex)} />
      {problem && <p className={classes.look}>{problem}</p>}
    </fieldset>
  )
}

function Rollout({ place, value, onChange }: { place: number; value: number; onChange: (value: number) => void }) {
  return (
    <div className={classes.rollout}>
      <Slider thumbLabel={`Rollout of set ${place}`} label={(share) => `${share} %`} value={value} onChange={onChange} />
      <NumberInput
        size="xs"
        aria-label={`Rollout of set ${place} in percent`}
        suffix=" %"
        min={0}
        max={100}
        clampBehavior="strict"
        decimalScale={4}
        value={value}
        onChange={(next) => onChange(Number(next) || 0)}
      />
    </div>
  )
}
