import type { CohortBody, CohortCriteria, CohortGroup, PersonBody } from '@hedgerow/protocol'
import { ActionIcon, Button, Loader, Menu, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import {
  changeCohort,
  cohortMembersQuery,
  cohortQuery,
  createCohort,
  deleteCohort,
  duplicateCohort,
  recalculateCohort,
} from '../../api-client/cohorts.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { besideEveryone } from '../../query-model/query-url.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { DotsIcon, DuplicateIcon, InsightIcon, RetryIcon, TrashIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useTableRows } from '../../ui/use-table-rows.ts'
import classes from './cohorts.module.css'
import { asGroup, hasOnlyNegations, newLeaf, problemsOf } from './criteria.ts'
import { CriteriaCount } from './criteria-count.tsx'
import { CsvField } from './csv-field.tsx'
import { GroupEditor } from './group-editor.tsx'
import { PastPanel } from './past-panel.tsx'

const crumbs = (projectId: number) => [{ label: 'Cohorts', to: '/project/$projectId/cohorts', params: { projectId: String(projectId) } }]

/** Makes a cohort: by conditions, or from a list. */
export function NewCohortPage() {
  const project = useProject()
  const [isStatic, setIsStatic] = useState(false)
  return (
    <Page title="New cohort" crumbs={crumbs(project.id)}>
      <SegmentedControl
        className={classes.kind ?? ''}
        aria-label="Kind of cohort"
        value={isStatic ? 'static' : 'dynamic'}
        onChange={(kind) => setIsStatic(kind === 'static')}
        data={[
          { value: 'dynamic', label: 'By conditions, kept up to date' },
          { value: 'static', label: 'A list from a CSV file' },
        ]}
      />
      <CohortForm key={String(isStatic)} isStatic={isStatic} />
    </Page>
  )
}

/** One cohort: what makes somebody a member, how many there are, and who. */
export function CohortPage({ cohortId }: { cohortId: string }) {
  const project = useProject()
  const query = useQuery(cohortQuery(project.id, cohortId))
  // why: the form takes up criteria when it begins.
  const [broughtBack, setBroughtBack] = useState(0)
  const cohort = query.data
  return (
    <Page
      title={cohort ? <Untrusted>{cohort.name}</Untrusted> : 'Cohort'}
      documentTitle={cohort?.name ?? 'Cohort'}
      crumbs={crumbs(project.id)}
      actions={cohort && <CohortActions cohort={cohort} />}
    >
      <Loaded query={query}>
        {(loaded) => (
          <>
            <CountLine cohort={loaded} />
            <CohortForm key={`${loaded.id} ${broughtBack}`} cohort={loaded} isStatic={loaded.is_static} />
            <Members cohort={loaded} />
            {!loaded.is_static && <PastPanel cohort={loaded} onBroughtBack={() => setBroughtBack((before) => before + 1)} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function CountLine({ cohort }: { cohort: CohortBody }) {
  return (
    <div className={classes.countLine} role="status">
      <strong className={classes.count}>{cohort.count === null ? '–' : countOf(cohort.count, 'person')}</strong>
      {cohort.is_calculating ? (
        <span className={classes.faint}>
          <Loader size={13} color="hedge" /> counting
          {cohort.progress ? `: ${countOf(cohort.progress.people, 'person')} so far` : ' …'}
        </span>
      ) : (
        cohort.last_calculation && (
          <span className={classes.faint}>
            counted <Instant at={cohort.last_calculation} style="relative" />
          </span>
        )
      )}
      {cohort.last_error_message && !cohort.is_calculating && <span className={classes.fault}>{cohort.last_error_message}</span>}
    </div>
  )
}

function CohortForm({ cohort, isStatic }: { cohort?: CohortBody; isStatic: boolean }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const stored = cohort && 'properties' in cohort.filters ? (cohort.filters.properties as CohortCriteria) : undefined
  const [name, setName] = useState(cohort?.name ?? '')
  const [description, setDescription] = useState(cohort?.description ?? '')
  const [group, setGroup] = useState<CohortGroup>(() => (stored ? asGroup(stored) : { type: 'AND', values: [newLeaf('performed_event')] }))
  const [csv, setCsv] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)
  const isChanged = !stored || JSON.stringify(asGroup(stored)) !== JSON.stringify(group)
  const isCountable = !isStatic && isChanged && problemsOf(group).length === 0 && !hasOnlyNegations(group)
  const problems = [
    ...(name.trim() === '' ? ['Give it a name.'] : []),
    ...(isStatic ? (cohort || csv !== undefined ? [] : ['Choose a file.']) : problemsOf(group)),
    ...(!isStatic && hasOnlyNegations(group) ? ['One condition must hold: nobody is in a cohort for what they did not do alone.'] : []),
  ]
  const save = async () => {
    setIsBusy(true)
    const body = {
      name: name.trim(),
      description,
      ...(isStatic ? (csv === undefined ? {} : { csv }) : { filters: { properties: group } }),
    }
    try {
      const kept = cohort
        ? await changeCohort(project.id, cohort.id, body)
        : await createCohort(project.id, { ...body, is_static: isStatic })
      queryClient.setQueryData(cohortQuery(project.id, String(kept.id)).queryKey, kept)
      await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'cohorts'] })
      setCsv(undefined)
      toast('Saved.')
      if (!cohort)
        await navigate({ to: '/project/$projectId/cohorts/$cohortId', params: { projectId: project.id, cohortId: String(kept.id) } })
    } catch (error) {
      toast(`Not saved: ${describeError(error).cause}`, 'failed')
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (problems.length === 0) void save()
      }}
    >
      <Panel>
        <div className={classes.form}>
          <TextInput label="Name" value={name} maxLength={400} onChange={(event) => setName(event.currentTarget.value)} />
          <Textarea
            label="Description"
            autosize
            minRows={1}
            maxLength={4000}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {isStatic ? (
            <CsvField csv={csv} onCsv={setCsv} />
          ) : (
            <div>
              <h2 className={classes.label}>A person is in it who meets</h2>
              <GroupEditor group={group} onChange={setGroup} of="the cohort" />
              {isCountable && <CriteriaCount cohortId={cohort?.id} group={group} />}
            </div>
          )}
          <div className={classes.save}>
            <Button type="submit" loading={isBusy} disabled={problems.length > 0}>
              {cohort ? 'Save' : 'Make the cohort'}
            </Button>
            <span className={classes.faint} role="status">
              {problems[0]}
            </span>
          </div>
        </div>
      </Panel>
    </form>
  )
}

function CohortActions({ cohort }: { cohort: CohortBody }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const doing = async (failed: string, work: () => Promise<unknown>) => {
    try {
      await work()
      await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'cohorts'] })
      await queryClient.invalidateQueries({ queryKey: cohortQuery(project.id, String(cohort.id)).queryKey })
    } catch (error) {
      toast(`${failed}: ${describeError(error).cause}`, 'failed')
    }
  }
  const copy = (how: 'duplicate' | 'duplicate_as_static_cohort') =>
    doing('Not duplicated', async () => {
      const made = await duplicateCohort(project.id, cohort.id, how)
      await navigate({ to: '/project/$projectId/cohorts/$cohortId', params: { projectId: project.id, cohortId: String(made.id) } })
    })
  const remove = () =>
    doing('Not deleted', async () => {
      await deleteCohort(project.id, cohort.id)
      await navigate({ to: '/project/$projectId/cohorts', params: { projectId: project.id } })
      toast('Cohort deleted.', 'done', async () => {
        await changeCohort(project.id, cohort.id, { deleted: false })
        await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'cohorts'] })
      })
    })
  return (
    <>
      {!cohort.is_static && (
        <Button
          variant="default"
          leftSection={<RetryIcon size={15} />}
          loading={cohort.is_calculating}
          onClick={() => void doing('Not counted', () => recalculateCohort(project.id, cohort.id))}
        >
          Count again
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More to do with this cohort">
            <DotsIcon size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<InsightIcon size={15} />}
            onClick={() =>
              void navigate({
                to: '/project/$projectId/insights/new',
                params: { projectId: project.id },
                search: besideEveryone(undefined, cohort),
              })
            }
          >
            Compare its retention
          </Menu.Item>
          <Menu.Item leftSection={<DuplicateIcon size={15} />} onClick={() => void copy('duplicate')}>
            Duplicate
          </Menu.Item>
          {!cohort.is_static && (
            <Menu.Item leftSection={<DuplicateIcon size={15} />} onClick={() => void copy('duplicate_as_static_cohort')}>
              Keep these people as a list
            </Menu.Item>
          )}
          <Menu.Item color="var(--berry-ink)" leftSection={<TrashIcon size={15} />} onClick={() => void remove()}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

function Members({ cohort }: { cohort: CohortBody }) {
  const project = useProject()
  const [search, setSearch] = useState<string>()
  const query = useInfiniteQuery({
    ...cohortMembersQuery(project.id, cohort.id, search, cohort.version),
    placeholderData: (before) => before,
  })
  const { rows, paging } = useTableRows(query)
  return (
    <Panel
      title="Members"
      flush
      actions={<SearchField value={search} onChange={setSearch} placeholder="E-mail, name or id" label="Search members" />}
    >
      <Loaded query={query}>
        {() => {
          if (rows.length === 0)
            return <Empty title={search ? 'Nobody matches' : cohort.is_calculating ? 'Being counted' : 'Nobody is in it'} />
          return (
            <div className={classes.members}>
              <DataTable label="Members" columns={memberColumns(project.id)} rows={rows} rowKey={({ id }) => id} {...paging} />
            </div>
          )
        }}
      </Loaded>
    </Panel>
  )
}

const memberColumns = (projectId: number): Column<PersonBody>[] => [
  {
    id: 'name',
    header: 'Person',
    width: 'minmax(200px, 2fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (person) => (
      <Link to="/project/$projectId/persons/$personId" params={{ projectId, personId: person.id }} className={rowLinkClass}>
        <Untrusted>{person.name}</Untrusted>
      </Link>
    ),
  },
  { id: 'created', header: 'First seen', width: '140px', align: 'end', cell: (person) => <Instant at={person.created_at} style="short" /> },
]
