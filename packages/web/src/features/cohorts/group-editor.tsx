import type { CohortCriteria, CohortGroup, CohortLeaf } from '@hedgerow/protocol'
import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { CrossIcon, PlusIcon } from '../../ui/icons.tsx'
import { placed } from '../../ui/placed.ts'
import classes from './cohorts.module.css'
import { isGroup, kindOf, newLeaf } from './criteria.ts'
import { LeafEditor } from './leaf-editor.tsx'

interface GroupEditorProps {
  group: CohortGroup
  onChange: (group: CohortGroup) => void
  /** For assistive technology: which group. */
  of: string
  depth?: number
}

// limit: groups inside groups deeper than this are not offered; those that exist are shown.
const deepestOffered = 3

/** Conditions joined by one word; a group in it may be joined by another. */
export function GroupEditor({ group, onChange, of, depth = 0 }: GroupEditorProps) {
  const put = (place: number, next: CohortCriteria | undefined) =>
    onChange({ ...group, values: group.values.flatMap((each, index) => (index === place ? (next ?? []) : each)) })
  return (
    <div className={classes.group} data-depth={Math.min(depth, 3)}>
      {group.values.length > 1 && (
        <SegmentedControl
          size="xs"
          className={classes.join ?? ''}
          aria-label={`How ${of} is joined`}
          value={group.type}
          onChange={(type) => onChange({ ...group, type: type === 'OR' ? 'OR' : 'AND' })}
          data={[
            { value: 'AND', label: 'all of these' },
            { value: 'OR', label: 'any of these' },
          ]}
        />
      )}
      {placed(group.values).map(({ key, place, item }) =>
        isGroup(item) ? (
          <div key={key} className={classes.nested}>
            <GroupEditor group={item} onChange={(next) => put(place, next)} of={`group ${place + 1} of ${of}`} depth={depth + 1} />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove group ${place + 1} of ${of}`}
              onClick={() => put(place, undefined)}
            >
              <CrossIcon size={14} />
            </ActionIcon>
          </div>
        ) : (
          <LeafEditor
            key={`${key} ${kindOf(item)}`}
            leaf={item}
            place={place + 1}
            onChange={(next: CohortLeaf) => put(place, next)}
            onRemove={() => put(place, undefined)}
          />
        ),
      )}
      <div className={classes.adds}>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<PlusIcon size={13} />}
          onClick={() => onChange({ ...group, values: [...group.values, newLeaf('performed_event')] })}
        >
          Condition
        </Button>
        {depth < deepestOffered && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<PlusIcon size={13} />}
            onClick={() => onChange({ ...group, values: [...group.values, { type: 'OR', values: [newLeaf('performed_event')] }] })}
          >
            Group
          </Button>
        )}
      </div>
    </div>
  )
}
