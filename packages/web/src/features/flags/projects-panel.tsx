import type { FlagBody, FlagComparisonBody } from '@hedgerow/protocol'
import { Badge, Button, Switch } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { accountQuery } from '../../api-client/account.ts'
import { copyFlagTo, flagComparisonQuery } from '../../api-client/flags.ts'
import { Panel } from '../../ui/page.tsx'
import { Empty, Failure, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import { FieldDiff } from './field-diff.tsx'
import classes from './flags.module.css'

interface ProjectsPanelProps {
  projectId: number
  flag: FlagBody
}

/** The flag in the organization's other projects, which serve as environments: whether it is there, what differs, and the way to bring it there. */
export function ProjectsPanel({ projectId, flag }: ProjectsPanelProps) {
  const account = useQuery(accountQuery)
  const [isDisabled, setDisabled] = useState(false)
  const others = (account.data?.organization?.projects ?? []).filter(({ id }) => id !== projectId)
  if (account.data && others.length === 0) {
    return (
      <Panel title="Other projects">
        <Empty title="There is no other project">
          Make one for each environment, such as staging and production. Flags can then be compared and copied between them.
        </Empty>
      </Panel>
    )
  }
  return (
    <Panel
      title="Other projects"
      note="What the flag names is found there by its name: cohorts, group types, and other flags by their key."
      actions={<Switch label="Copy it disabled" checked={isDisabled} onChange={(event) => setDisabled(event.currentTarget.checked)} />}
    >
      <ul className={classes.list}>
        {others.map(({ id, name }) => (
          <OtherProject key={id} projectId={projectId} flag={flag} other={{ id, name }} isDisabled={isDisabled} />
        ))}
      </ul>
    </Panel>
  )
}

interface OtherProjectProps extends ProjectsPanelProps {
  other: { id: number; name: string }
  isDisabled: boolean
}

function OtherProject({ projectId, flag, other, isDisabled }: OtherProjectProps) {
  const query = useQuery(flagComparisonQuery(projectId, flag.id, other.id))
  const client = useQueryClient()
  const { isBusy: busy, error, attempt } = useAttempt()
  const copy = async () => {
    await attempt(async () => {
      const { failed } = await copyFlagTo(projectId, flag.id, [other.id], isDisabled)
      if (failed[0]) throw new Error(failed[0].errors)
      await Promise.all([
        client.invalidateQueries({ queryKey: ['project', projectId, 'flag', String(flag.id), 'compare', other.id] }),
        client.invalidateQueries({ queryKey: ['project', other.id] }),
      ])
      toast(`${flag.key} is in ${other.name}`)
    })
  }
  return (
    <li className={classes.entry}>
      <Loaded query={query} compact skeleton={<SkeletonRows rows={1} />}>
        {(compared) => (
          <>
            <div className={classes.entryHead}>
              <span className={classes.standing}>
                <strong>
                  <Untrusted>{other.name}</Untrusted>
                </strong>
                <Standing compared={compared} otherId={other.id} />
              </span>
              {!isSame(compared) && (
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={busy}
                  disabled={compared.missing.length > 0}
                  aria-label={`${compared.exists ? 'Make it the same' : 'Copy'} in ${other.name}`}
                  onClick={() => void copy()}
                >
                  {compared.exists ? 'Make it the same' : 'Copy'}
                </Button>
              )}
            </div>
            {compared.missing.length > 0 && (
              <p className={classes.look}>
                It cannot be copied: there is no <Untrusted lines="many">{compared.missing.join(', no ')}</Untrusted>.
              </p>
            )}
            {compared.changes.map((change) => (
              <FieldDiff
                key={change.field}
                change={change}
                labels={[`${change.field} in ${other.name}`, `${change.field} here`]}
                heads={[other.name, 'here']}
              />
            ))}
          </>
        )}
      </Loaded>
      {error !== undefined && <Failure error={error} compact />}
    </li>
  )
}

const isSame = ({ exists, changes }: FlagComparisonBody): boolean => exists && changes.length === 0

function Standing({ compared, otherId }: { compared: FlagComparisonBody; otherId: number }) {
  const { flag, changes } = compared
  if (!flag) return <span className={classes.faint}>is not there</span>
  return (
    <>
      <Badge variant={flag.active ? 'light' : 'outline'} color={flag.active ? 'hedge' : 'gray'} size="sm" radius="sm">
        {flag.active ? 'Enabled' : 'Disabled'}
      </Badge>
      <span className={classes.soft}>
        {changes.length === 0 ? 'the same, ' : 'differs, '}
        <Link
          to="/project/$projectId/flags/$flagId"
          params={{ projectId: otherId, flagId: String(flag.id) }}
          className={classes.link ?? ''}
        >
          version {flag.version}
        </Link>
      </span>
    </>
  )
}
