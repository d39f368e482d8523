import { DndContext, type DragEndEvent, KeyboardSensor, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { type ReactNode, useState } from 'react'
import { chosenOf, useEventChoices } from '../../pickers/event-picker.tsx'
import type { SeriesNode } from '../../query-model/nodes.ts'
import { letterOf, mostSeries, moved } from '../../query-model/series.ts'
import { PlusIcon } from '../../ui/icons.tsx'
import { PickList } from '../../ui/pick-list.tsx'
import classes from './builder.module.css'
import { SeriesRow } from './series-row.tsx'

interface SeriesListProps {
  series: readonly SeriesNode[]
  onChange: (series: SeriesNode[]) => void
  /** `letters` for series, `numbers` for steps. */
  badges: 'letters' | 'numbers'
  /** On the button that adds one; without it there is only one. */
  addLabel?: string
  /** Under an event: what is measured of it. */
  below?: (series: SeriesNode, index: number, onChange: (series: SeriesNode) => void, name: string) => ReactNode
  menu?: (series: SeriesNode, index: number, onChange: (series: SeriesNode) => void) => ReactNode
  least?: number
}

/** The events of a question, in their order, which is changed by dragging or with the keyboard. */
export function SeriesList({ series, onChange, badges, addLabel, below, menu, least = 1 }: SeriesListProps) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const ids = series.map((_, index) => `series-${index}`)
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    const [from, to] = [ids.indexOf(String(active.id)), ids.indexOf(String(over?.id))]
    if (from >= 0 && to >= 0 && from !== to) onChange(moved(series, from, to))
  }
  const [search, setSearch] = useState<string>()
  const choices = useEventChoices(search, true, true)
  return (
    <>
      <DndContext sensors={sensors} onDragEnd={onDragEnd}>
        <SortableContext items={ids} strategy={verticalListSortingStrategy}>
          <ol className={classes.seriesList}>
            {series.map((each, index) => {
              const badge = badges === 'letters' ? letterOf(index) : String(index + 1)
              const name = badges === 'letters' ? `series ${badge}` : `step ${badge}`
              const change = (next: SeriesNode) => onChange(series.map((one, place) => (place === index ? next : one)))
              return (
                <SeriesRow
                  key={ids[index]}
                  id={ids[index] ?? ''}
                  series={each}
                  badge={badge}
                  colourIndex={badges === 'letters' ? index : 0}
                  name={name}
                  onChange={change}
                  onRemove={series.length > least ? () => onChange(series.filter((_, place) => place !== index)) : undefined}
                  onDuplicate={
                    addLabel && series.length < mostSeries
                      ? () => onChange([...series.slice(0, index + 1), { ...each }, ...series.slice(index + 1)])
                      : undefined
                  }
                  menu={menu?.(each, index, change)}
                >
                  {below?.(each, index, change, name)}
                </SeriesRow>
              )
            })}
          </ol>
        </SortableContext>
      </DndContext>
      {addLabel && series.length < mostSeries && (
        <PickList
          label={addLabel}
          placeholder="Search events and actions"
          {...choices}
          onSearch={setSearch}
          width={380}
          className={classes.addButton}
          onPick={(picked) => onChange([...series, { ...chosenOf(picked) }])}
        >
          <PlusIcon size={15} />
          {addLabel}
        </PickList>
      )}
    </>
  )
}
