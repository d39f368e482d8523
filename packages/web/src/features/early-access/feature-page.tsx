import type { EarlyAccessFeatureBody, FlagBody } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import {
  changeEarlyAccessFeature,
  deleteEarlyAccessFeature,
  earlyAccessFeatureQuery,
  enrolledQuery,
} from '../../api-client/early-access.ts'
import { changeFlag } from '../../api-client/flags.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { formatCount } from '../../ui/numbers.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { Failure, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import classes from './early-access.module.css'
import { FeatureFields } from './feature-fields.tsx'
import { featureDraft, featureFields, featureProblems } from './feature-form.ts'
import { StageBadge } from './features-page.tsx'

export function FeaturePage({ featureId }: { featureId: string }) {
  const project = useProject()
  const query = useQuery(earlyAccessFeatureQuery(project.id, featureId))
  const feature = query.data
  return (
    <Page
      title={feature ? <Untrusted>{feature.name}</Untrusted> : 'Early access feature'}
      documentTitle={feature?.name ?? 'Early access feature'}
      crumbs={[{ label: 'Early access', to: '/project/$projectId/early-access', params: { projectId: String(project.id) } }]}
      actions={
        feature && (
          <>
            <StageBadge stage={feature.stage} />
            <DeleteButton feature={feature} projectId={project.id} />
          </>
        )
      }
    >
      <Loaded query={query} skeleton={<SkeletonRows rows={12} />}>
        {(loaded) => <Feature key={JSON.stringify(featureDraft(loaded))} feature={loaded} projectId={project.id} />}
      </Loaded>
    </Page>
  )
}

interface FeatureProps {
  feature: EarlyAccessFeatureBody
  projectId: number
}

function Feature({ feature, projectId }: FeatureProps) {
  const client = useQueryClient()
  const [draft, setDraft] = useState(() => featureDraft(feature))
  const { isBusy: busy, error, attempt } = useAttempt()
  const problems = featureProblems(draft)
  const isChanged = JSON.stringify(draft) !== JSON.stringify(featureDraft(feature))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (problems.length > 0) return
    await attempt(async () => {
      const saved = await changeEarlyAccessFeature(projectId, feature.id, featureFields(draft))
      await client.invalidateQueries({ queryKey: ['project', projectId, 'early-access'] })
      toast(`${saved.name} was changed`)
    })
  }
  const { feature_flag: flag } = feature
  return (
    <form onSubmit={(event) => void submit(event)} className={classes.grid}>
      <div className={classes.stack}>
        <FeatureFields draft={draft} problems={problems} onChange={(change) => setDraft((before) => ({ ...before, ...change }))} />
        {error !== undefined && <Failure error={error} compact />}
        <div>
          <Button type="submit" loading={busy} disabled={!isChanged || problems.length > 0}>
            Save
          </Button>
        </div>
      </div>
      <div className={classes.stack}>
        {flag && <Enrolled projectId={projectId} flag={flag} />}
        {flag && <FlagPanel projectId={projectId} flag={flag} stage={feature.stage} />}
        {flag && (
          <Panel title="In your app" note="posthog-js lists what is offered, and tells Hedgerow what each person chose.">
            <CodeBlock code={snippet(flag.key)} language="js" />
          </Panel>
        )}
      </div>
    </form>
  )
}

function Enrolled({ projectId, flag }: { projectId: number; flag: FlagBody }) {
  const inside = useQuery(enrolledQuery(projectId, flag.key, true))
  const outside = useQuery(enrolledQuery(projectId, flag.key, false))
  return (
    <Panel title="Who chose">
      <dl className={classes.counts}>
        <div>
          <dt>opted in</dt>
          <dd>{inside.data ? formatCount(inside.data.affected) : '–'}</dd>
        </div>
        <div>
          <dt>opted out</dt>
          <dd>{outside.data ? formatCount(outside.data.affected) : '–'}</dd>
        </div>
      </dl>
    </Panel>
  )
}

const forAll = [{ properties: [], rollout_percentage: 100 }]

function FlagPanel({ projectId, flag, stage }: { projectId: number; flag: FlagBody; stage: EarlyAccessFeatureBody['stage'] }) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const isForAll = (flag.filters.groups ?? []).some(
    ({ properties, rollout_percentage: share }) => (properties ?? []).length === 0 && (share ?? 100) === 100,
  )
  const write = async (filters: FlagBody['filters']) => {
    await changeFlag(projectId, flag.id, { filters })
    await client.invalidateQueries({ queryKey: ['project', projectId] })
  }
  const release = async () => {
    setBusy(true)
    try {
      await write({ groups: forAll })
      toast(`${flag.key} is on for everyone but who opted out`, 'done', () => write({ groups: flag.filters.groups ?? [] }))
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), 'failed')
    } finally {
      setBusy(false)
    }
  }
  return (
    <Panel title="Its feature flag">
      <div className={classes.stack}>
        <p className={classes.soft}>
          <Link to="/project/$projectId/flags/$flagId" params={{ projectId, flagId: String(flag.id) }} className={classes.link ?? ''}>
            <Untrusted mono>{flag.key}</Untrusted>
          </Link>{' '}
          is on for whoever opted in, off for whoever opted out, and goes by its conditions for all others.
        </p>
        {stage === 'general-availability' && !isForAll && (
          <div className={classes.offer}>
            <p>The feature is generally available, but its flag is not yet on for everyone.</p>
            <Button size="xs" variant="default" loading={busy} onClick={() => void release()}>
              Turn it on for everyone
            </Button>
          </div>
        )}
      </div>
    </Panel>
  )
}

function DeleteButton({ feature, projectId }: FeatureProps) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Delete
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Delete ${feature.name}?`}
        verb="Delete feature"
        onConfirm={async () => {
          await deleteEarlyAccessFeature(projectId, feature.id)
          await navigate({ to: `/project/${projectId}/early-access` })
          await client.invalidateQueries({ queryKey: ['project', projectId] })
          toast(`${feature.name} is deleted`)
        }}
      >
        It is offered no longer, and what people chose does not count any more. The flag stays, and is decided by its conditions alone.
      </Confirm>
    </>
  )
}

const snippet = (key: string): string => `// What there is to try:
posthog.getEarlyAccessFeatures((features) => showThem(features), true, ['concept', 'alpha', 'beta'])

// When somebody decides:
posthog.updateEarlyAccessFeatureEnrollment(${JSON.stringify(key)}, true)

if (posthog.isFeatureEnabled(${JSON.stringify(key)})) {
  // the new way
}`
