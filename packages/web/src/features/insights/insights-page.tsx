import type { InsightBody } from '@hedgerow/protocol'
import { ActionIcon, Button, Menu, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { changeInsight, insightsQuery } from '../../api-client/insights.ts'
import { userName } from '../../api-client/user-name.ts'
import { kindIcons } from '../../charts/insights/kind-icons.ts'
import { kindBySlug, kinds, readQuery } from '../../query-model/kinds.ts'
import { aboveRowLinkClass, type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { ChevronDownIcon, CodeIcon, PlusIcon, StarIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useTableRows } from '../../ui/use-table-rows.ts'
import { Choice } from './choice.tsx'
import classes from './insights-page.module.css'

export interface InsightsSearch {
  q?: string | undefined
  kind?: string | undefined
  tag?: string | undefined
  only?: 'favourites' | undefined
}

interface InsightsPageProps {
  search: InsightsSearch
  onSearch: (change: InsightsSearch) => void
}

/** Every saved insight, found by its name, kind and tags. */
export function InsightsPage({ search, onSearch }: InsightsPageProps) {
  const project = useProject()
  const query = useInfiniteQuery({
    ...insightsQuery(project.id, {
      search: search.q,
      insight: kindBySlug(search.kind)?.kind,
      favorited: search.only === 'favourites' ? true : undefined,
      tags: search.tag,
    }),
    placeholderData: (before) => before,
  })
  const { rows, total, paging } = useTableRows(query)
  const isFiltered = search.q !== undefined || search.kind !== undefined || search.tag !== undefined || search.only !== undefined
  return (
    <Page title="Insights" layout="fill" actions={<NewInsight />}>
      <TablePanel
        toolbar={
          <>
            <SearchField
              value={search.q}
              onChange={(q) => onSearch({ q })}
              placeholder="Name, description or tag"
              label="Search insights"
            />
            <SegmentedControl
              size="xs"
              aria-label="Which insights"
              value={search.only ?? 'all'}
              onChange={(only) => onSearch({ only: only === 'favourites' ? only : undefined })}
              data={[
                { value: 'all', label: 'All' },
                { value: 'favourites', label: 'Favourites' },
              ]}
            />
            <Choice
              label="Kind"
              value={search.kind ?? 'any'}
              width={170}
              options={[{ value: 'any', label: 'Any kind' }, ...kinds.map(({ slug, label }) => ({ value: slug, label }))]}
              onChange={(kind) => onSearch({ kind: kind === 'any' ? undefined : kind })}
            />
            {search.tag && (
              <Button size="compact-sm" variant="light" onClick={() => onSearch({ tag: undefined })}>
                Tag: {search.tag} ✕
              </Button>
            )}
          </>
        }
        note={query.data && countOf(total, 'insight')}
      >
        {query.isPending ? (
          <SkeletonRows rows={10} />
        ) : query.error && rows.length === 0 ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <NoInsights
            isFiltered={isFiltered}
            onClear={() => onSearch({ q: undefined, kind: undefined, tag: undefined, only: undefined })}
          />
        ) : (
          <DataTable
            label="Insights"
            columns={columns(project.id, (tag) => onSearch({ tag }))}
            rows={rows}
            rowKey={({ id }) => String(id)}
            totalRows={total}
            {...paging}
            rowHeightPx={44}
          />
        )}
      </TablePanel>
    </Page>
  )
}

function NewInsight() {
  const project = useProject()
  const navigate = useNavigate()
  return (
    <Menu position="bottom-end" width={330}>
      <Menu.Target>
        <Button leftSection={<PlusIcon size={16} />} rightSection={<ChevronDownIcon size={14} />}>
          New insight
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map(({ kind, slug, label, about }) => {
          const KindIcon = kindIcons[kind]
          return (
            <Menu.Item
              key={kind}
              leftSection={<KindIcon size={18} />}
              onClick={() =>
                void navigate({ to: '/project/$projectId/insights/new', params: { projectId: project.id }, search: { kind: slug } })
              }
            >
              {label}
              <span className={classes.about}>{about}</span>
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}

function NoInsights({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const project = useProject()
  if (isFiltered)
    return (
      <Empty
        title="No insight matches"
        action={
          <Button variant="default" onClick={onClear}>
            Show them all
          </Button>
        }
      />
    )
  return (
    <div className={classes.first}>
      <Empty title="No insights yet">A question about your events, kept under a name. Begin with one of these:</Empty>
      <ul className={classes.cards}>
        {kinds.map(({ kind, slug, label, about }) => {
          const KindIcon = kindIcons[kind]
          return (
            <li key={kind}>
              <Link
                to="/project/$projectId/insights/new"
                params={{ projectId: project.id }}
                search={{ kind: slug }}
                className={classes.card}
              >
                <KindIcon size={22} />
                <span className={classes.cardName}>{label}</span>
                <span className={classes.cardAbout}>{about}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function columns(projectId: number, onTag: (tag: string) => void): Column<InsightBody>[] {
  return [
    {
      id: 'star',
      header: <span className={classes.hidden}>Favourite</span>,
      width: '28px',
      narrowWidth: '28px',
      cell: (row) => <Star insight={row} />,
    },
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(240px, 3fr)',
      narrowWidth: 'minmax(0, 1fr)',
      cell: (row) => {
        const kind = readQuery(row.query)?.kind
        const KindIcon = kind ? kindIcons[kind] : CodeIcon
        return (
          <Link to="/project/$projectId/insights/$shortId" params={{ projectId, shortId: row.short_id }} className={rowLinkClass}>
            <KindIcon size={17} className={classes.kind} />
            <Untrusted>{row.name || row.derived_name || 'Untitled'}</Untrusted>
          </Link>
        )
      },
    },
    {
      id: 'kind',
      header: 'Kind',
      width: '104px',
      cell: (row) => <span className={classes.faint}>{kinds.find(({ kind }) => kind === readQuery(row.query)?.kind)?.label ?? 'SQL'}</span>,
    },
    {
      id: 'tags',
      header: 'Tags',
      width: 'minmax(100px, 1fr)',
      cell: (row) => (
        <span className={classes.tags}>
          {row.tags.map((tag) => (
            <button key={tag} type="button" className={`${classes.tag} ${aboveRowLinkClass}`} onClick={() => onTag(tag)}>
              <Untrusted>{tag}</Untrusted>
            </button>
          ))}
        </span>
      ),
    },
    {
      id: 'by',
      header: 'Made by',
      width: 'minmax(110px, 1fr)',
      cell: (row) => <span className={classes.faint}>{row.created_by ? <Untrusted>{userName(row.created_by)}</Untrusted> : ''}</span>,
    },
    {
      id: 'changed',
      header: 'Last changed',
      width: '116px',
      narrowWidth: '84px',
      align: 'end',
      cell: (row) => <Instant at={row.last_modified_at} style="relative" />,
    },
  ]
}

function Star({ insight }: { insight: InsightBody }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const toggle = async () => {
    try {
      await changeInsight(project.id, insight.id, { favorited: !insight.favorited })
      await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'insights'] })
    } catch (error) {
      toast(`Not changed: ${describeError(error).cause}`, 'failed')
    }
  }
  return (
    <ActionIcon
      variant="subtle"
      color={insight.favorited ? 'yellow' : 'gray'}
      size={26}
      className={aboveRowLinkClass ?? ''}
      aria-label={`Favourite: ${(insight.name || 'Untitled').slice(0, 80)}`}
      aria-pressed={insight.favorited}
      onClick={() => void toggle()}
    >
      <StarIcon size={15} filled={insight.favorited} />
    </ActionIcon>
  )
}
