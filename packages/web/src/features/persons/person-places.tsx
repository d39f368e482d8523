import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { groupTypesQuery } from '../../api-client/groups.ts'
import { personCohortsQuery, personGroupsQuery } from '../../api-client/persons.ts'
import { CohortsIcon, GroupsIcon } from '../../ui/icons.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './person-page.module.css'

/** The companies, teams and the like that somebody had events together with. */
export function PersonGroups({ personId }: { personId: string }) {
  const project = useProject()
  const query = useQuery(personGroupsQuery(project.id, personId))
  const types = useQuery(groupTypesQuery(project.id))
  const typeOf = (index: number) => types.data?.find(({ group_type_index: each }) => each === index)
  return (
    <Panel title="Groups" note="Those that stand in events of this person.">
      <Loaded query={query}>
        {(groups) =>
          groups.length === 0 ? (
            <Empty title="No groups">No event of this person names a group.</Empty>
          ) : (
            <ul className={classes.places}>
              {groups.map(({ group_type_index: index, group_key: key, properties }) => (
                <li key={`${index} ${key}`}>
                  <GroupsIcon size={17} />
                  <Link
                    to="/project/$projectId/groups/$typeIndex/$groupKey"
                    params={{ projectId: project.id, typeIndex: String(index), groupKey: key }}
                    className={classes.place}
                  >
                    <Untrusted>{typeof properties.name === 'string' && properties.name.trim() !== '' ? properties.name : key}</Untrusted>
                  </Link>
                  <span className={classes.placeNote}>
                    <Untrusted>{typeOf(index)?.name_singular ?? typeOf(index)?.group_type ?? ''}</Untrusted>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}

/** The cohorts that somebody is in at this moment. */
export function PersonCohorts({ personId }: { personId: string }) {
  const project = useProject()
  const query = useQuery(personCohortsQuery(project.id, personId))
  return (
    <Panel title="Cohorts" note="Asked at this moment, not at their last calculation.">
      <Loaded query={query}>
        {(cohorts) =>
          cohorts.length === 0 ? (
            <Empty
              title="In no cohort"
              action={
                <Button variant="default" component={Link} to={`/project/${project.id}/cohorts`}>
                  All cohorts
                </Button>
              }
            >
              None of the project’s cohorts has this person.
            </Empty>
          ) : (
            <ul className={classes.places}>
              {cohorts.map(({ id, name, is_static: isStatic, count }) => (
                <li key={id}>
                  <CohortsIcon size={17} />
                  <Link
                    to="/project/$projectId/cohorts/$cohortId"
                    params={{ projectId: project.id, cohortId: String(id) }}
                    className={classes.place}
                  >
                    <Untrusted>{name}</Untrusted>
                  </Link>
                  <span className={classes.placeNote}>
                    {isStatic ? 'a list' : 'by criteria'}
                    {count !== null && ` · ${countOf(count, 'person')}`}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}
