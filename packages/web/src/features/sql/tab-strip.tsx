import { ActionIcon } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { CrossIcon, PlusIcon } from '../../ui/icons.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './sql.module.css'
import { isUnsaved, type SqlTabs, tabName } from './sql-tabs.ts'

interface TabStripProps {
  state: SqlTabs
  onActivate: (id: string) => void
  onClose: (id: string) => void
  onNew: () => void
}

/** The queries that are open. */
export function TabStrip({ state, onActivate, onClose, onNew }: TabStripProps) {
  const list = useRef<HTMLUListElement>(null)
  const count = state.tabs.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each of these the active tab may have moved.
  useEffect(() => {
    // tricky: in newer browsers scrolling answers a promise, which an effect must not return.
    list.current?.querySelector('[data-active=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [state.activeId, count])
  return (
    <nav className={classes.tabs} aria-label="Open queries">
      <ul ref={list}>
        {state.tabs.map((tab) => (
          <li key={tab.id} className={classes.tab} data-active={tab.id === state.activeId}>
            <button
              type="button"
              className={classes.tabName}
              aria-current={tab.id === state.activeId ? 'true' : undefined}
              onClick={() => onActivate(tab.id)}
            >
              <Untrusted>{tabName(tab)}</Untrusted>
              {isUnsaved(tab) && <span className={classes.unsaved} role="img" aria-label="Changed since it was saved" />}
            </button>
            <button type="button" className={classes.closeTab} aria-label={`Close ${tabName(tab)}`} onClick={() => onClose(tab.id)}>
              <CrossIcon size={12} />
            </button>
          </li>
        ))}
      </ul>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label="Another query" onClick={onNew}>
        <PlusIcon size={16} />
      </ActionIcon>
    </nav>
  )
}
