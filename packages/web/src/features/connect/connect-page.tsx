import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyIconButton } from '../../ui/copy.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import classes from './connect-page.module.css'
import { FirstEventPanel } from './first-event-panel.tsx'
import { snippets } from './snippets.ts'

interface ConnectPageProps {
  search: { with?: string | undefined }
  onSearch: (change: { with?: string | undefined }) => void
  /** Below what waits for an event: something to look at meanwhile. */
  children?: ReactNode
}

export function ConnectPage({ search, onSearch, children }: ConnectPageProps) {
  const project = useProject()
  const host = window.location.origin
  const all = snippets({ token: project.api_token, host })
  const chosen = all.find(({ id }) => id === search.with) ?? all[0]
  return (
    <Page title="Connect your app">
      <div className={classes.columns}>
        <Panel
          title="Point a PostHog SDK at this server"
          note="Any PostHog SDK works unchanged: it only needs this project's token and this address."
        >
          <dl className={classes.coordinates}>
            <div>
              <dt>Token</dt>
              <dd>
                <code>{project.api_token}</code>
                <CopyIconButton text={project.api_token} label="Copy the token" />
              </dd>
            </div>
            <div>
              <dt>Address</dt>
              <dd>
                <code>{host}</code>
                <CopyIconButton text={host} label="Copy the address" />
              </dd>
            </div>
          </dl>
          <Tabs
            value={chosen?.id ?? null}
            onChange={(id) => onSearch({ with: id ?? undefined })}
            keepMounted={false}
            className={classes.tabs}
          >
            <Tabs.List>
              {all.map(({ id, label }) => (
                <Tabs.Tab key={id} value={id}>
                  {label}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {all.map(({ id, note, steps }) => (
              <Tabs.Panel key={id} value={id}>
                <p className={classes.note}>{note}</p>
                <ol className={classes.steps}>
                  {steps.map(({ title, file, language, code }) => (
                    <li key={title}>
                      <h3 className={classes.stepTitle}>{title}</h3>
                      <CodeBlock language={language} code={code} caption={file ?? (language === 'shell' ? 'Terminal' : '')} />
                    </li>
                  ))}
                </ol>
              </Tabs.Panel>
            ))}
          </Tabs>
        </Panel>
        <div className={classes.aside}>
          <FirstEventPanel projectId={project.id} token={project.api_token} hasEvents={project.ingested_event} />
          {children}
        </div>
      </div>
    </Page>
  )
}
