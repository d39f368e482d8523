import type { FlagActivityBody, FlagBody } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { authorName, flagActivityQuery, restoreFlag } from '../../api-client/flags.ts'
import { Instant } from '../../ui/instant.tsx'
import { Panel } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { FieldDiff } from './field-diff.tsx'
import classes from './flags.module.css'

/** Every change: who, when, before and after; and the way back. */
export function HistoryPanel({ projectId, flag }: { projectId: number; flag: FlagBody }) {
  const query = useQuery(flagActivityQuery(projectId, flag.id))
  const client = useQueryClient()
  const [busy, setBusy] = useState<number>()
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['project', projectId, 'flags'] }),
      client.invalidateQueries({ queryKey: ['project', projectId, 'flag', String(flag.id)] }),
    ])
  const restore = async (version: number) => {
    setBusy(version)
    try {
      await restoreFlag(projectId, flag.id, version)
      await refresh()
      toast(`${flag.key} is as it was at version ${version}`, 'done', async () => {
        await restoreFlag(projectId, flag.id, flag.version)
        await refresh()
      })
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), 'failed')
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <Panel title="History">
      <Loaded query={query}>
        {({ results }) =>
          results.length === 0 ? (
            <Empty title="Nothing was changed yet" />
          ) : (
            <ol className={classes.list}>
              {results.map((entry) => (
                <Entry
                  key={entry.id}
                  entry={entry}
                  isCurrent={entry.detail.version === flag.version}
                  isBusy={busy === entry.detail.version}
                  onRestore={() => void restore(entry.detail.version)}
                />
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  )
}

const deeds: Record<FlagActivityBody['activity'], string> = {
  created: 'made it',
  updated: 'changed it',
  deleted: 'deleted it',
  restored: 'brought it back',
  copied: 'copied it here',
}

interface EntryProps {
  entry: FlagActivityBody
  isCurrent: boolean
  isBusy: boolean
  onRestore: () => void
}

function Entry({ entry, isCurrent, isBusy, onRestore }: EntryProps) {
  const { version, changes, trigger } = entry.detail
  return (
    <li className={classes.entry}>
      <div className={classes.entryHead}>
        <span>
          <strong>Version {version}</strong> · <Untrusted>{authorName(entry.user)}</Untrusted> {deeds[entry.activity]}
          {trigger && `, by ${trigger.job_type.replaceAll('_', ' ')}`} · <Instant at={entry.created_at} style="short" />
        </span>
        {isCurrent ? (
          <span className={classes.faint}>as it is now</span>
        ) : (
          <Button size="compact-sm" variant="default" loading={isBusy} onClick={onRestore} aria-label={`Restore version ${version}`}>
            Restore
          </Button>
        )}
      </div>
      {entry.activity === 'created'
        ? undefined
        : changes.map((change) => (
            <FieldDiff
              key={change.field}
              change={change}
              labels={[`${change.field} before version ${version}`, `${change.field} of version ${version}`]}
            />
          ))}
    </li>
  )
}
