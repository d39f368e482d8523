import { ActionIcon, Button, Drawer, Tooltip } from '@mantine/core'
import { useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type CSSProperties, lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { insightQuery } from '../../api-client/insights.ts'
import { variablesQuery } from '../../api-client/sql.ts'
import { PanelIcon, PlayIcon } from '../../ui/icons.tsx'
import { withCommand } from '../../ui/keys.ts'
import { Page } from '../../ui/page.tsx'
import { Splitter } from '../../ui/splitter.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { EditorHandle } from './editor.tsx'
import { LibraryDrawer } from './library-drawer.tsx'
import { ResultPane } from './result-pane.tsx'
import { SaveButton } from './save-button.tsx'
import { SchemaTree } from './schema-tree.tsx'
import classes from './sql.module.css'
import { readSqlInsight, sqlNode, variableNames } from './sql-node.ts'
import { activate, activeTab, addTab, changeTab, closeTab, newTab, openText, type SqlTab, tabName } from './sql-tabs.ts'
import { TabStrip } from './tab-strip.tsx'
import { useSqlRuns } from './use-sql-runs.ts'
import { useSqlTabs } from './use-sql-tabs.ts'
import { VariableFields } from './variable-fields.tsx'

// why: the editor weighs more than the rest of the page, which is there meanwhile.
const Editor = lazy(async () => ({ default: (await import('./editor.tsx')).Editor }))

export interface SqlSearch {
  query?: string | undefined
  /** The short id of a saved query. */
  insight?: string | undefined
  /** The dashboard that a new query is made for. */
  onto?: string | undefined
}

interface SqlPageProps {
  search: SqlSearch
  onSearch: (search: SqlSearch) => void
}

// limit: addresses longer than this are cut by some proxies.
const longestInAddress = 6000

/** In pixels, as they are until somebody moves the lines between. */
const firstSizes = { tree: 248, editor: 264 }

/** Where questions are asked in SQL. */
export function SqlPage({ search, onSearch }: SqlPageProps) {
  const project = useProject()
  const [state, update] = useSqlTabs(project.id)
  const { runs, run, estimate, stop } = useSqlRuns(project.id)
  const [library, setLibrary] = useState<'saved' | 'history'>()
  const [isTreeOpen, setIsTreeOpen] = useState(false)
  const isNarrow = useMediaQuery('(max-width: 61.99em)', undefined, { getInitialValueInEffect: false })
  const [sizes, setSizes] = useLocalStorage({ key: 'hedgerow.sql-sizes', defaultValue: firstSizes, getInitialValueInEffect: false })
  const handle = useRef<EditorHandle>(undefined)
  const tab = activeTab(state)
  const { values = {} } = tab
  const variables = useQuery(variablesQuery(project.id)).data ?? []
  const names = variableNames(tab.text)
  const open = (text: string, fields: Partial<SqlTab> = {}) => {
    update((before) => openText(before, text, crypto.randomUUID(), fields))
    setLibrary(undefined)
  }
  useAddress(search, open)
  const close = (id: string) => {
    const closed = state.tabs.find((each) => each.id === id)
    update((before) => closeTab(before, id, crypto.randomUUID()))
    if (closed && closed.text.trim() !== '')
      toast(`“${tabName(closed)}” is closed.`, 'done', async () => update((before) => addTab(before, closed)))
  }

  const node = () => sqlNode(handle.current?.runText() ?? tab.text, variables, values)
  const ask = () => {
    if (tab.text.trim() === '') return
    if (tab.view === 'cost') update((before) => changeTab(before, tab.id, { view: 'rows' }))
    void run(tab.id, node())
    const address = tab.saved && tab.saved.text === tab.text ? { insight: tab.saved.shortId } : { query: tab.text }
    onSearch({ ...((address.query?.length ?? 0) > longestInAddress ? {} : address), onto: search.onto })
  }
  const askCost = () => {
    update((before) => changeTab(before, tab.id, { view: 'cost' }))
    void estimate(tab.id, node())
  }
  const tree = <SchemaTree onInsert={(text) => handle.current?.insert(text)} />
  return (
    <Page
      title="SQL"
      layout="fill"
      actions={
        <>
          <Button variant="default" onClick={() => setLibrary('saved')}>
            Queries
          </Button>
          <SaveButton
            tab={tab}
            onto={search.onto}
            node={() => sqlNode(tab.text, variables, values)}
            onTab={(change) => update((before) => changeTab(before, tab.id, change))}
          />
        </>
      }
    >
      <div className={classes.page}>
        {isNarrow ? (
          <Drawer opened={isTreeOpen} onClose={() => setIsTreeOpen(false)} title="Tables" size={300}>
            {tree}
          </Drawer>
        ) : (
          <>
            <aside className={classes.side} aria-label="Tables" style={{ width: sizes.tree }}>
              {tree}
            </aside>
            <Splitter
              label="Width of the tables"
              parts="beside"
              valuePx={sizes.tree}
              leastPx={160}
              mostPx={520}
              onValue={(tree) => setSizes((before) => ({ ...before, tree }))}
              onReset={() => setSizes((before) => ({ ...before, tree: firstSizes.tree }))}
            />
          </>
        )}
        <div className={classes.work} style={{ '--editor-height': `${sizes.editor}px` } as CSSProperties}>
          <div className={classes.strip}>
            {isNarrow && (
              <ActionIcon variant="subtle" color="gray" aria-label="Tables" onClick={() => setIsTreeOpen(true)}>
                <PanelIcon size={17} />
              </ActionIcon>
            )}
            <TabStrip
              state={state}
              onActivate={(id) => update((before) => activate(before, id))}
              onClose={close}
              onNew={() => update((before) => addTab(before, newTab(crypto.randomUUID())))}
            />
          </div>
          <Suspense fallback={<div className={classes.editor} />}>
            <Editor
              key={tab.id}
              projectId={project.id}
              tabId={tab.id}
              initialText={tab.text}
              onText={(id, text) => update((before) => changeTab(before, id, { text }))}
              onRun={ask}
              onHandle={(next) => {
                handle.current = next
              }}
            />
          </Suspense>
          {!isNarrow && (
            <Splitter
              label="Height of the editor"
              parts="above"
              valuePx={sizes.editor}
              leastPx={120}
              mostPx={900}
              onValue={(editor) => setSizes((before) => ({ ...before, editor }))}
              onReset={() => setSizes((before) => ({ ...before, editor: firstSizes.editor }))}
            />
          )}
          <div className={classes.runBar}>
            <Tooltip label={`${withCommand('↵')}; only what is selected, where something is`}>
              <Button size="xs" leftSection={<PlayIcon size={14} />} onClick={ask} loading={runs[tab.id]?.isRunning ?? false}>
                Run
              </Button>
            </Tooltip>
            <Button size="xs" variant="default" onClick={askCost} disabled={tab.text.trim() === ''}>
              Estimate
            </Button>
            {names.length > 0 && (
              <VariableFields
                names={names}
                variables={variables}
                values={values}
                onValue={(name, value) => update((before) => changeTab(before, tab.id, { values: { ...values, [name]: value } }))}
              />
            )}
          </div>
          <ResultPane
            tab={tab}
            run={runs[tab.id]}
            onTab={(change) => update((before) => changeTab(before, tab.id, change))}
            onView={(view) => (view === 'cost' ? askCost() : update((before) => changeTab(before, tab.id, { view })))}
            onStop={() => stop(tab.id)}
          />
        </div>
      </div>
      <LibraryDrawer opened={library} onOpened={setLibrary} onOpen={open} />
    </Page>
  )
}

/** Opens what the address names: a text, or a saved query. */
function useAddress(search: SqlSearch, open: (text: string, fields?: Partial<SqlTab>) => void): void {
  const project = useProject()
  const { data: insight } = useQuery({ ...insightQuery(project.id, search.insight ?? ''), enabled: search.insight !== undefined })
  const opened = useRef<string>(undefined)
  useEffect(() => {
    if (search.query !== undefined && opened.current !== `query ${search.query}`) {
      opened.current = `query ${search.query}`
      open(search.query)
    }
    const read = insight && readSqlInsight(insight.query)
    if (insight && read && opened.current !== `insight ${insight.short_id}`) {
      opened.current = `insight ${insight.short_id}`
      const saved = { id: insight.id, shortId: insight.short_id, text: read.text }
      open(read.text, { name: insight.name || insight.derived_name || 'Untitled', view: read.view, chart: read.chart, saved })
    }
  })
}
