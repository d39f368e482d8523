import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { ActionIcon, Menu, TextInput, Tooltip } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { cssColour } from '../../charts/colours.ts'
import { EventPicker } from '../../pickers/event-picker.tsx'
import { FilterList } from '../../pickers/filter-groups.tsx'
import type { SeriesNode } from '../../query-model/nodes.ts'
import { seriesName, withEvent } from '../../query-model/series.ts'
import { DotsIcon, DuplicateIcon, FilterIcon, GripIcon, PencilIcon, TrashIcon } from '../../ui/icons.tsx'
import classes from './builder.module.css'

interface SeriesRowProps {
  id: string
  series: SeriesNode
  /** `A`, or `1` for a step. */
  badge: string
  colourIndex: number
  /** `series A`, `step 1`. */
  name: string
  onChange: (series: SeriesNode) => void
  onRemove: (() => void) | undefined
  onDuplicate: (() => void) | undefined
  /** Under the event: what is measured. */
  children?: ReactNode
  /** More to do in the menu. */
  menu?: ReactNode
  hasAll?: boolean
}

/** One event or action of the question: which, its filters, its name. */
export function SeriesRow(props: SeriesRowProps) {
  const { id, series, badge, colourIndex, name, onChange, onRemove, onDuplicate, children, menu, hasAll = true } = props
  const [isRenaming, setIsRenaming] = useState(false)
  const filters = series.properties ?? []
  const [hasFilters, setHasFilters] = useState(filters.length > 0)
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id })
  const events = series.kind === 'EventsNode' && series.event ? [series.event] : undefined
  return (
    <li
      ref={setNodeRef}
      className={classes.series}
      data-dragging={isDragging}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <div className={classes.seriesHead}>
        <button
          ref={setActivatorNodeRef}
          type="button"
          className={classes.badge}
          style={{ '--badge': cssColour(colourIndex) } as React.CSSProperties}
          title="Drag to another place"
          {...attributes}
          {...listeners}
          aria-label={`${name}: move`}
        >
          <span>{badge}</span>
          <GripIcon size={14} />
        </button>
        {isRenaming ? (
          <RenameField
            series={series}
            onDone={(custom) => {
              setIsRenaming(false)
              if (custom !== undefined) onChange({ ...series, custom_name: custom === '' ? undefined : custom })
            }}
          />
        ) : (
          <EventPicker value={series} label={`Event of ${name}`} hasAll={hasAll} onPick={(chosen) => onChange(withEvent(series, chosen))} />
        )}
        <Tooltip label={filters.length > 0 ? 'Filters of this event' : 'Filter this event'}>
          <ActionIcon
            variant={filters.length > 0 ? 'light' : 'subtle'}
            color={filters.length > 0 ? 'hedge' : 'gray'}
            size={30}
            aria-label={`Filters of ${name}`}
            aria-expanded={hasFilters}
            onClick={() => setHasFilters(!hasFilters)}
          >
            <FilterIcon size={16} />
          </ActionIcon>
        </Tooltip>
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={30} aria-label={`More for ${name}`}>
              <DotsIcon size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<PencilIcon size={15} />} onClick={() => setIsRenaming(true)}>
              Rename
            </Menu.Item>
            {onDuplicate && (
              <Menu.Item leftSection={<DuplicateIcon size={15} />} onClick={onDuplicate}>
                Duplicate
              </Menu.Item>
            )}
            {menu}
            {onRemove && (
              <Menu.Item leftSection={<TrashIcon size={15} />} color="var(--berry-ink)" onClick={onRemove}>
                Remove
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
      {series.custom_name && !isRenaming && <p className={classes.customName}>shown as “{series.custom_name}”</p>}
      {children}
      {hasFilters && (
        <div className={classes.seriesFilters}>
          <FilterList
            filters={filters}
            of={name}
            events={events}
            onChange={(next) => onChange({ ...series, properties: next.length > 0 ? next : undefined })}
          />
        </div>
      )}
    </li>
  )
}

function RenameField({ series, onDone }: { series: SeriesNode; onDone: (name: string | undefined) => void }) {
  const [text, setText] = useState(series.custom_name ?? '')
  return (
    <TextInput
      className={classes.rename}
      size="sm"
      aria-label="Name of the series"
      placeholder={seriesName({ ...series, custom_name: undefined })}
      value={text}
      ref={(element) => element?.focus()}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => onDone(text.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onDone(text.trim())
        if (event.key === 'Escape') onDone(undefined)
      }}
    />
  )
}
