import { Button, Select, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { createEarlyAccessFeature } from '../../api-client/early-access.ts'
import { flagChoicesQuery } from '../../api-client/flags.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import classes from './early-access.module.css'
import { FeatureFields } from './feature-fields.tsx'
import { emptyFeature, featureFields, featureProblems } from './feature-form.ts'

/** A feature that people may opt in to, with a flag of its own or one that is there. */
export function NewFeaturePage() {
  const project = useProject()
  const navigate = useNavigate()
  const client = useQueryClient()
  const flags = useQuery(flagChoicesQuery(project.id, ''))
  const [draft, setDraft] = useState(emptyFeature)
  const [isChecked, setChecked] = useState(false)
  const { isBusy: busy, error, attempt } = useAttempt()
  const problems = featureProblems(draft)
  const free = (flags.data ?? []).filter(
    ({ features, filters }) => features.length === 0 && (filters.aggregation_group_type_index ?? null) === null,
  )
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (problems.length > 0) return
    await attempt(async () => {
      const made = await createEarlyAccessFeature(project.id, {
        ...featureFields(draft),
        ...(draft.flagId === null ? {} : { feature_flag_id: draft.flagId }),
      })
      await client.invalidateQueries({ queryKey: ['project', project.id] })
      toast(`${made.name} was created`)
      await navigate({ to: `/project/${project.id}/early-access/${made.id}` })
    })
  }
  return (
    <Page
      title="New early access feature"
      crumbs={[{ label: 'Early access', to: '/project/$projectId/early-access', params: { projectId: String(project.id) } }]}
    >
      <form onSubmit={(event) => void submit(event)} className={classes.grid}>
        <FeatureFields
          draft={draft}
          problems={isChecked ? problems : problems.filter(({ field }) => field !== 'name')}
          onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
        />
        <div className={classes.stack}>
          <Panel
            title="Its feature flag"
            note="It decides who has the feature: whoever opted in does, whoever opted out does not, and all others go by its conditions."
          >
            <Select
              label="Flag"
              placeholder="A new one, off for all who did not opt in"
              clearable
              searchable
              value={draft.flagId === null ? null : String(draft.flagId)}
              data={free.map(({ id, key }) => ({ value: String(id), label: key }))}
              onChange={(id) => setDraft((before) => ({ ...before, flagId: id === null ? null : Number(id) }))}
            />
          </Panel>
          <Panel>
            <Stack gap="md">
              {error !== undefined && <Failure error={error} compact />}
              <Button type="submit" loading={busy}>
                Create the feature
              </Button>
            </Stack>
          </Panel>
        </div>
      </form>
    </Page>
  )
}
