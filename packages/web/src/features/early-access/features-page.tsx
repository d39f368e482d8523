import type { EarlyAccessFeatureBody } from '@hedgerow/protocol'
import { Badge, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { earlyAccessFeaturesQuery } from '../../api-client/early-access.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { PlusIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './early-access.module.css'
import { stageLabel } from './stages.ts'

/** Features that people may opt in to by themselves. */
export function FeaturesPage() {
  const project = useProject()
  const query = useQuery(earlyAccessFeaturesQuery(project.id))
  const create = (
    <Button component={Link} to={`/project/${project.id}/early-access/new`} leftSection={<PlusIcon size={16} />}>
      New feature
    </Button>
  )
  return (
    <Page title="Early access" layout="fill" actions={create}>
      <TablePanel note={query.data && countOf(query.data.count, 'feature')}>
        <Loaded query={query}>
          {({ results }) =>
            results.length === 0 ? (
              <Empty title="No early access features yet" action={create}>
                What is not finished can be tried by those who want to: they opt in where your app offers it, and out again.
              </Empty>
            ) : (
              <DataTable
                label="Early access features"
                columns={columns(project.id)}
                rows={results}
                rowKey={({ id }) => id}
                rowHeightPx={52}
              />
            )
          }
        </Loaded>
      </TablePanel>
    </Page>
  )
}

const columns = (projectId: number): Column<EarlyAccessFeatureBody>[] => [
  {
    id: 'name',
    header: 'Feature',
    width: 'minmax(220px, 3fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: ({ id, name, description }) => (
      <span className={classes.named}>
        <Link to="/project/$projectId/early-access/$featureId" params={{ projectId, featureId: id }} className={rowLinkClass}>
          <Untrusted>{name}</Untrusted>
        </Link>
        {description !== '' && (
          <span className={classes.about}>
            <Untrusted>{description}</Untrusted>
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'stage',
    header: 'Stage',
    width: '170px',
    narrowWidth: '168px',
    cell: ({ stage }) => <StageBadge stage={stage} />,
  },
  {
    id: 'flag',
    header: 'Flag',
    width: 'minmax(160px, 2fr)',
    cell: ({ feature_flag: flag }) => (flag ? <Untrusted mono>{flag.key}</Untrusted> : '–'),
  },
  { id: 'created', header: 'Created', width: '120px', cell: ({ created_at: at }) => <Instant at={at} style="relative" /> },
]

export function StageBadge({ stage }: Pick<EarlyAccessFeatureBody, 'stage'>) {
  const isOffered = stage !== 'draft' && stage !== 'archived'
  return (
    <Badge variant={isOffered ? 'light' : 'outline'} color={isOffered ? 'hedge' : 'gray'} size="sm" radius="sm">
      {stageLabel(stage)}
    </Badge>
  )
}
