import type { ExperimentStatusName } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { experimentsQuery } from '../../api-client/experiments.ts'
import { runHogql } from '../../api-client/hogql.ts'
import { ExperimentIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { answeredQuery, type ExperimentOf, experimentsOf, type SeenVariant } from './experiments-of.ts'
import classes from './person-page.module.css'

const statusWords: Record<ExperimentStatusName, string> = { draft: 'draft', running: 'running', paused: 'paused', stopped: 'ended' }

/** Which variant of which experiment somebody got, and since when. */
export function PersonExperiments({ personId }: { personId: string }) {
  const project = useProject()
  const answered = useQuery({
    queryKey: ['project', project.id, 'person', personId, 'answered-flags'],
    queryFn: async ({ signal }) => (await runHogql(project.id, answeredQuery, { person: personId }, signal)).results,
  })
  const experiments = useQuery(experimentsQuery(project.id, {}))
  return (
    <Panel title="Experiments" note="By the variants that this person's apps told of, with $feature_flag_called.">
      <Loaded query={experiments}>
        {({ results }) => <Loaded query={answered}>{(rows) => <List found={experimentsOf(results, rows)} />}</Loaded>}
      </Loaded>
    </Panel>
  )
}

function List({ found }: { found: readonly ExperimentOf[] }) {
  const project = useProject()
  if (found.length === 0) return <Empty title="In no experiment">No app of this person has told of a variant.</Empty>
  return (
    <ul className={classes.places}>
      {found.map(({ id, name, status, variants, doubt }) => (
        <li key={id} className={classes.experiment}>
          <ExperimentIcon size={17} />
          <div className={classes.experimentWords}>
            <Link
              to="/project/$projectId/experiments/$experimentId"
              params={{ projectId: project.id, experimentId: String(id) }}
              className={classes.place}
            >
              <Untrusted>{name}</Untrusted>
            </Link>
            {variants.map((variant) => (
              <Variant key={variant.key} variant={variant} />
            ))}
            {doubt && <p className={classes.doubt}>{doubt}</p>}
          </div>
          <span className={classes.placeNote}>{statusWords[status]}</span>
        </li>
      ))}
    </ul>
  )
}

function Variant({ variant: { key, firstAt, times } }: { variant: SeenVariant }) {
  return (
    <p className={classes.variant}>
      <Untrusted mono>{key === 'false' || key === '' ? 'no variant' : key}</Untrusted>
      <span>
        since <Instant at={firstAt} style="short" />, told {countOf(times, 'time')}
      </span>
    </p>
  )
}
