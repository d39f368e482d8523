import { Loader, Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import { SearchIcon } from '../../ui/icons.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './palette.module.css'
import { findItems, type PaletteItem } from './palette-items.ts'
import { useFoundItems } from './use-found-items.ts'

interface PaletteProps {
  opened: boolean
  onClose: () => void
  projectId: number | undefined
  items: readonly PaletteItem[]
}

/** Finds and does everything, with a few letters. */
export function Palette({ opened, onClose, ...rest }: PaletteProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={600} yOffset="12vh" trapFocus>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label="Find or do anything" radius="lg">
        {opened && <PaletteBody onClose={onClose} {...rest} />}
      </Modal.Content>
    </Modal.Root>
  )
}

function PaletteBody({ onClose, projectId, items }: Omit<PaletteProps, 'opened'>) {
  const [typed, setTyped] = useState('')
  const [settled] = useDebouncedValue(typed.trim(), 140)
  const [chosen, setChosen] = useState(0)
  const { items: found, isLoading } = useFoundItems(projectId, settled)
  const groups = useMemo(() => findItems(items, typed, typed.trim() === '' ? [] : found, settled), [items, typed, found, settled])
  const flat = groups.flatMap((group) => group.items)
  const current = flat[Math.min(chosen, flat.length - 1)]
  const run = (item: PaletteItem | undefined) => {
    if (!item) return
    onClose()
    item.run()
  }
  const onKey = (event: React.KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by !== 0) {
      event.preventDefault()
      setChosen((at) => (Math.min(at, flat.length - 1) + by + flat.length) % Math.max(1, flat.length))
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      run(current)
    }
  }
  return (
    <div className={classes.palette}>
      <div className={classes.field}>
        <SearchIcon size={18} />
        <input
          role="combobox"
          aria-label="Find or do anything"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-autocomplete="list"
          {...(current ? { 'aria-activedescendant': `palette-${current.id}` } : {})}
          placeholder="Find or do anything"
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setChosen(0)
          }}
          onKeyDown={onKey}
        />
        {isLoading ? <Loader size={15} color="gray" /> : <kbd>esc</kbd>}
      </div>
      <div id="palette-list" role="listbox" aria-label="What was found" className={classes.list}>
        {groups.map(({ group, items: each }) => (
          <PaletteGroupList
            key={group}
            label={group}
            items={each}
            current={current}
            onRun={run}
            onChoose={(item) => setChosen(flat.indexOf(item))}
          />
        ))}
      </div>
      {flat.length === 0 && !isLoading && <p className={classes.none}>Nothing here has that name.</p>}
    </div>
  )
}

interface GroupProps {
  label: string
  items: readonly PaletteItem[]
  current: PaletteItem | undefined
  onRun: (item: PaletteItem) => void
  onChoose: (item: PaletteItem) => void
}

function PaletteGroupList({ label, items, current, onRun, onChoose }: GroupProps) {
  return (
    <>
      <div className={classes.group} role="presentation">
        {label}
      </div>
      {items.map((item) => (
        <div
          key={item.id}
          id={`palette-${item.id}`}
          role="option"
          tabIndex={-1}
          aria-selected={item === current}
          className={classes.item}
          onClick={() => onRun(item)}
          onKeyDown={(event) => event.key === 'Enter' && onRun(item)}
          onPointerMove={() => item !== current && onChoose(item)}
          ref={(element) => {
            if (item === current) element?.scrollIntoView({ block: 'nearest' })
          }}
        >
          <Untrusted>{item.label}</Untrusted>
          {item.hint && <span className={classes.hint}>{item.hint}</span>}
        </div>
      ))}
    </>
  )
}
