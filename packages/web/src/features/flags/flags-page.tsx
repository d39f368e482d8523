import type { FlagBody } from '@hedgerow/protocol'
import { Button, SegmentedControl, Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { authorName, flagsQuery } from '../../api-client/flags.ts'
import { aboveRowLinkClass, type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { PlusIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { conditionsWords, type FlagNames } from './flag-words.ts'
import classes from './flags.module.css'
import { type FlagsSearch, flagStates, flagTypes } from './flags-search.ts'
import { StateBadge } from './state-badge.tsx'
import { type Environment, useEnvironments } from './use-environments.ts'
import { useFlagNames } from './use-flag-names.ts'
import { useFlagSwitch } from './use-flag-switch.ts'

interface FlagsPageProps {
  search: FlagsSearch
  onSearch: (change: FlagsSearch) => void
}

const asked = { enabled: 'true', disabled: 'false', stale: 'STALE' } as const
const typeChoices = [
  { value: 'boolean', label: 'On or off' },
  { value: 'multivariant', label: 'Several variants' },
  { value: 'experiment', label: 'Of an experiment' },
  { value: 'remote_config', label: 'Remote configuration' },
]

export function FlagsPage({ search, onSearch }: FlagsPageProps) {
  const project = useProject()
  const names = useFlagNames(project.id)
  const switching = useFlagSwitch(project.id)
  const query = useQuery({
    ...flagsQuery(project.id, { search: search.q, active: search.state && asked[search.state], type: search.type, tag: search.tag }),
    placeholderData: (before) => before,
  })
  const rows = query.data?.results ?? []
  const environments = useEnvironments(project.id, rows)
  const isFiltered = Object.values(search).some((value) => value !== undefined)
  const tags = [...new Set([...rows.flatMap((flag) => flag.tags), ...(search.tag === undefined ? [] : [search.tag])])].sort()
  const create = (
    <Button component={Link} to={`/project/${project.id}/flags/new`} leftSection={<PlusIcon size={16} />}>
      New flag
    </Button>
  )
  const explain = (
    <Button component={Link} to={`/project/${project.id}/flags/explain`} variant="default">
      Explain
    </Button>
  )
  return (
    <Page
      title="Feature flags"
      layout="fill"
      actions={
        <>
          {explain}
          {create}
        </>
      }
    >
      <TablePanel
        toolbar={
          <>
            <SearchField value={search.q} onChange={(q) => onSearch({ q })} placeholder="Key or name" label="Search flags" />
            <SegmentedControl
              size="xs"
              aria-label="Which flags"
              value={search.state ?? 'all'}
              onChange={(value) => onSearch({ state: flagStates.find((state) => state === value) })}
              data={[
                { value: 'all', label: 'All' },
                { value: 'enabled', label: 'Enabled' },
                { value: 'disabled', label: 'Disabled' },
                { value: 'stale', label: 'Stale' },
              ]}
            />
            <Select
              size="xs"
              w={170}
              aria-label="Kind of flag"
              placeholder="Any kind"
              clearable
              data={typeChoices}
              value={search.type ?? null}
              onChange={(value) => onSearch({ type: flagTypes.find((type) => type === value) })}
            />
            {tags.length > 0 && (
              <Select
                size="xs"
                w={140}
                aria-label="Tag"
                placeholder="Any tag"
                clearable
                searchable
                data={tags}
                value={search.tag ?? null}
                onChange={(tag) => onSearch({ tag: tag ?? undefined })}
              />
            )}
          </>
        }
        note={query.data && countOf(query.data.count, 'flag')}
      >
        {query.isPending ? (
          <SkeletonRows rows={8} />
        ) : query.error && rows.length === 0 ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty title={isFiltered ? 'No flag matches' : 'No feature flags yet'} action={isFiltered ? undefined : create}>
            {isFiltered
              ? 'Try another word, or another filter.'
              : 'A flag decides, while your app runs, who sees what: for a share of everyone, for some people only, or as several variants.'}
          </Empty>
        ) : (
          <DataTable
            label="Feature flags"
            columns={columns({ project, names, switching, environments, hasTags: rows.some((flag) => flag.tags.length > 0) })}
            rows={rows}
            rowKey={({ id }) => String(id)}
            rowHeightPx={52}
          />
        )}
      </TablePanel>
    </Page>
  )
}

interface ColumnParts {
  project: { id: number; name: string }
  names: FlagNames
  switching: ReturnType<typeof useFlagSwitch>
  environments: readonly Environment[]
  hasTags: boolean
}

const columns = ({ project, names, switching, environments, hasTags }: ColumnParts): Column<FlagBody>[] => [
  {
    id: 'key',
    header: 'Flag',
    width: 'minmax(190px, 4fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (flag) => (
      <span className={classes.named}>
        <Link to="/project/$projectId/flags/$flagId" params={{ projectId: project.id, flagId: String(flag.id) }} className={rowLinkClass}>
          <Untrusted mono>{flag.key}</Untrusted>
        </Link>
        {flag.name !== '' && (
          <span className={classes.about}>
            <Untrusted>{flag.name}</Untrusted>
          </span>
        )}
      </span>
    ),
  },
  { id: 'state', header: 'State', width: '100px', narrowWidth: '88px', cell: (flag) => <StateBadge flag={flag} /> },
  {
    id: 'conditions',
    header: 'For whom',
    width: 'minmax(130px, 3fr)',
    cell: ({ filters }) => <Untrusted>{conditionsWords(filters, names)}</Untrusted>,
  },
  { id: 'variants', header: 'Variants', width: '76px', align: 'end', cell: ({ filters }) => filters.multivariate?.variants.length || '–' },
  {
    id: 'called',
    header: 'Last called',
    width: '104px',
    cell: ({ last_called_at: at }) => (at ? <Instant at={at} style="relative" /> : <span className={classes.faint}>never</span>),
  },
  ...(hasTags
    ? [
        {
          id: 'tags',
          header: 'Tags',
          width: 'minmax(70px, 1fr)',
          cell: ({ tags }: FlagBody) => <Untrusted>{tags.join(', ') || '–'}</Untrusted>,
        },
      ]
    : []),
  {
    id: 'changed',
    header: 'Changed',
    width: '108px',
    cell: (flag) => (
      <span className={classes.named}>
        <Instant at={flag.updated_at} style="relative" />
        <span className={classes.about}>
          <Untrusted>{authorName(flag.last_modified_by ?? flag.created_by)}</Untrusted>
        </span>
      </span>
    ),
  },
  {
    id: 'switch',
    header:
      environments.length === 0 ? <span className={classes.hidden}>On or off</span> : <Untrusted lines="one">{project.name}</Untrusted>,
    width: environments.length === 0 ? '64px' : '84px',
    narrowWidth: '56px',
    align: environments.length === 0 ? 'end' : 'start',
    cell: (flag) => <FlagSwitch flag={flag} switching={switching} />,
  },
  ...environments.map(
    (environment): Column<FlagBody> => ({
      id: `switch-${environment.id}`,
      header: <Untrusted lines="one">{environment.name}</Untrusted>,
      width: '84px',
      cell: ({ key }) => {
        const flag = environment.flags.get(key)
        if (!flag) return <span className={classes.faint}>–</span>
        return <FlagSwitch flag={flag} switching={switching} environment={environment} />
      },
    }),
  ),
]

interface FlagSwitchProps extends Pick<ColumnParts, 'switching'> {
  flag: FlagBody
  /** Of another project, if it is one's. */
  environment?: Environment
}

function FlagSwitch({ flag, switching, environment }: FlagSwitchProps) {
  return (
    <Switch
      className={aboveRowLinkClass ?? ''}
      size="sm"
      checked={flag.active}
      disabled={switching.busyId === flag.id || !flag.can_edit || flag.archived}
      aria-label={`${flag.key} enabled${environment ? ` in ${environment.name}` : ''}`}
      onChange={() => void switching.toggle(flag, environment)}
    />
  )
}
