import { ActionIcon, Autocomplete, Button, Group, NumberInput, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { eventChoicesQuery, propertyChoicesQuery } from '../../api-client/definitions.ts'
import { createExperiment, eligibleFlagsQuery } from '../../api-client/experiments.ts'
import { PlusIcon, TrashIcon } from '../../ui/icons.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import classes from './experiments.module.css'
import { ExposurePanel } from './exposure-panel.tsx'
import { type ExperimentDraft, emptyDraft, evenShares, experimentOf, problemsOf } from './plan.ts'
import { PlanPanel } from './plan-panel.tsx'
import { keyFrom } from './words.ts'

/** From a hypothesis to a draft: what is tried, for whom, and how it is judged. */
export function NewExperimentPage() {
  const project = useProject()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [draft, setDraft] = useState(emptyDraft)
  const [isKeyOwn, setKeyOwn] = useState(false)
  const [isChecked, setChecked] = useState(false)
  const { isBusy: busy, error, attempt } = useAttempt()
  const change = (next: Partial<ExperimentDraft>) => setDraft((before) => ({ ...before, ...next }))
  const flags = useQuery(eligibleFlagsQuery(project.id))
  const flagOf = (key: string) => flags.data?.results.find((flag) => flag.key === key)
  const known = flagOf(draft.flagKey)
  /** A flag that is there brings its variants along. */
  const chooseFlag = (flagKey: string) => {
    const variants = flagOf(flagKey)?.filters.multivariate?.variants
    if (variants) change({ flagKey, variants: variants.map(({ key, rollout_percentage: share }) => ({ key, share })) })
    else change({ flagKey, ...(known ? { variants: emptyDraft.variants } : {}) })
  }
  const problems = problemsOf(draft)
  const problem = (field: keyof ExperimentDraft) => (isChecked ? problems.find((one) => one.field === field)?.text : undefined)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (problems.length > 0) return
    await attempt(async () => {
      const made = await createExperiment(project.id, experimentOf(draft))
      await client.invalidateQueries({ queryKey: ['project', project.id, 'experiments'] })
      await navigate({ to: `/project/${project.id}/experiments/${made.id}` })
    })
  }
  return (
    <Page
      title="New experiment"
      crumbs={[{ label: 'Experiments', to: '/project/$projectId/experiments', params: { projectId: String(project.id) } }]}
    >
      <form onSubmit={(event) => void submit(event)} className={classes.grid}>
        <div className={classes.stack}>
          <Panel title="What do you want to try?">
            <Stack gap="md">
              <TextInput
                label="Name"
                value={draft.name}
                error={problem('name')}
                onChange={(event) => {
                  const name = event.currentTarget.value
                  change({ name })
                  if (!isKeyOwn) chooseFlag(keyFrom(name))
                }}
                data-autofocus
              />
              <Textarea
                label="Hypothesis"
                description="What will people do otherwise, and why?"
                autosize
                minRows={2}
                value={draft.hypothesis}
                onChange={(event) => change({ hypothesis: event.currentTarget.value })}
              />
              <Autocomplete
                label="Feature flag"
                description={
                  known
                    ? 'This flag is there already: the experiment is on its variants.'
                    : 'Your app asks for it by this key. It is made if there is none.'
                }
                value={draft.flagKey}
                error={problem('flagKey')}
                onChange={(flagKey) => {
                  setKeyOwn(true)
                  chooseFlag(flagKey)
                }}
                data={(flags.data?.results ?? []).map(({ key }) => key)}
                limit={50}
              />
            </Stack>
          </Panel>
          <VariantsPanel draft={draft} onChange={change} error={problem('variants')} isFixed={known !== undefined} />
          <GoalPanel draft={draft} onChange={change} projectId={project.id} problem={problem} />
        </div>
        <div className={classes.stack}>
          <ExposurePanel projectId={project.id} draft={draft} onChange={change} error={problem('exposureEvent')} />
          <PlanPanel projectId={project.id} draft={draft} onChange={change} />
          <Panel>
            <Stack gap="md">
              {error !== undefined && <Failure error={error} compact />}
              {isChecked && problems.length > 0 && <p className={classes.changes}>{problems[0]?.text}</p>}
              <Button type="submit" loading={busy}>
                Save as a draft
              </Button>
              <p className={classes.hypothesis}>Nobody sees a variant before you launch it on the next page.</p>
            </Stack>
          </Panel>
        </div>
      </form>
    </Page>
  )
}

interface PartProps {
  draft: ExperimentDraft
  onChange: (change: Partial<ExperimentDraft>) => void
}

function VariantsPanel({ draft, onChange, error, isFixed }: PartProps & { error: string | undefined; isFixed: boolean }) {
  const { variants } = draft
  const set = (index: number, next: Partial<(typeof variants)[number]>) =>
    onChange({ variants: variants.map((variant, i) => (i === index ? { ...variant, ...next } : variant)) })
  return (
    <Panel title="Variants" note="The first one is what people see today.">
      <Stack gap="sm">
        {variants.map(({ key, share }, i) => (
          <div key={`variant-${String(i)}`} className={classes.variantRow}>
            <TextInput
              label={i === 0 ? 'Name' : undefined}
              aria-label={`Name of variant ${i + 1}`}
              value={key}
              readOnly={i === 0 || isFixed}
              onChange={(event) => set(i, { key: event.currentTarget.value })}
            />
            <NumberInput
              label={i === 0 ? 'Share' : undefined}
              aria-label={`Share of variant ${i + 1}`}
              suffix=" %"
              min={0}
              max={100}
              value={share}
              readOnly={isFixed}
              onChange={(value) => set(i, { share: Number(value) || 0 })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove variant ${i + 1}`}
              disabled={i === 0 || isFixed || variants.length <= 2}
              onClick={() => onChange({ variants: evenShares(variants.filter((_, place) => place !== i)) })}
            >
              <TrashIcon size={16} />
            </ActionIcon>
          </div>
        ))}
        {error && <p className={classes.changes}>{error}</p>}
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<PlusIcon size={14} />}
            disabled={isFixed || variants.length >= 20}
            onClick={() => onChange({ variants: evenShares([...variants, { key: `test-${variants.length}`, share: 0 }]) })}
          >
            Add a variant
          </Button>
          <Button size="xs" variant="subtle" disabled={isFixed} onClick={() => onChange({ variants: evenShares(variants) })}>
            Share evenly
          </Button>
        </Group>
      </Stack>
    </Panel>
  )
}

type GoalProps = PartProps & { projectId: number; problem: (field: keyof ExperimentDraft) => string | undefined }

function GoalPanel({ draft, onChange, projectId, problem }: GoalProps) {
  const events = useQuery(eventChoicesQuery(projectId, draft.event))
  const properties = useQuery({
    ...propertyChoicesQuery(projectId, {
      type: 'event',
      search: draft.property,
      events: draft.event ? [draft.event] : undefined,
      isNumerical: true,
    }),
    enabled: draft.goal === 'sum',
  })
  return (
    <Panel title="What should people do?" note="The one metric that decides. More can be added afterwards.">
      <Stack gap="md">
        <SegmentedControl
          aria-label="Kind of metric"
          value={draft.goal}
          onChange={(value) => onChange({ goal: value as ExperimentDraft['goal'] })}
          data={[
            { value: 'conversion', label: 'Do it at all' },
            { value: 'count', label: 'Do it more often' },
            { value: 'sum', label: 'Bring in more' },
          ]}
        />
        <Autocomplete
          label="Event"
          value={draft.event}
          error={problem('event')}
          onChange={(event) => onChange({ event })}
          data={events.data?.map(({ name }) => name) ?? []}
          limit={50}
        />
        {draft.goal === 'sum' && (
          <Autocomplete
            label="Property to add up"
            value={draft.property}
            error={problem('property')}
            onChange={(property) => onChange({ property })}
            data={properties.data?.map(({ name }) => name) ?? []}
            limit={50}
          />
        )}
        <SegmentedControl
          size="xs"
          aria-label="Which way is better"
          value={draft.direction}
          onChange={(value) => onChange({ direction: value as ExperimentDraft['direction'] })}
          data={[
            { value: 'increase', label: 'More is better' },
            { value: 'decrease', label: 'Less is better' },
          ]}
        />
      </Stack>
    </Panel>
  )
}
