import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { eventUsesQuery } from '../../api-client/definitions.ts'
import { CohortsIcon, CursorIcon, ExperimentIcon, InsightIcon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './data.module.css'

/** What would change if the event no longer came. */
export function EventUses({ definitionId }: { definitionId: string }) {
  const project = useProject()
  const query = useQuery(eventUsesQuery(project.id, definitionId))
  return (
    <Panel title="Used by">
      <Loaded query={query} compact>
        {({ insights, actions, cohorts, experiments }) => {
          const uses = [
            ...insights.map(({ short_id: id, name }) => ({ path: `insights/${id}`, name, Icon: InsightIcon })),
            ...actions.map(({ id, name }) => ({ path: `actions/${id}`, name, Icon: CursorIcon })),
            ...cohorts.map(({ id, name }) => ({ path: `cohorts/${id}`, name, Icon: CohortsIcon })),
            ...experiments.map(({ id, name }) => ({ path: `experiments/${id}`, name, Icon: ExperimentIcon })),
          ]
          if (uses.length === 0) return <p className={classes.faint}>No insight, action, cohort or experiment names it.</p>
          return (
            <ul className={classes.uses}>
              {uses.map(({ path, name, Icon }) => (
                <li key={path}>
                  <Icon size={16} />
                  <Link to={`/project/${project.id}/${path}` as '/'}>
                    <Untrusted>{name || 'Untitled'}</Untrusted>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </Panel>
  )
}
