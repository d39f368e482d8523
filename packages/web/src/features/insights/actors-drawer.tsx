import type { CohortBody } from '@hedgerow/protocol'
import { Button, Drawer, TextInput } from '@mantine/core'
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type Actor, actorsQuery, actorsTotalsQuery } from '../../api-client/actors.ts'
import { calculatedCohort, createStaticCohort, deleteCohort } from '../../api-client/cohorts.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { type ActorsChoice, actorsSource } from '../../query-model/actors.ts'
import { askedQuery } from '../../query-model/kinds.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { besideEveryone } from '../../query-model/query-url.ts'
import { PersonsIcon, QuestionIcon, SearchIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './drawers.module.css'

interface ActorsDrawerProps {
  choice: ActorsChoice | undefined
  /** The question whose answer the number stands in. */
  source: InsightQuery | undefined
  onClose: () => void
  onExplain: () => void
}

/** Who is behind a number; a cohort of them is one click away. */
export function ActorsDrawer({ choice, source, onClose, onExplain }: ActorsDrawerProps) {
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  return (
    <Drawer
      opened={choice !== undefined}
      onClose={onClose}
      position="right"
      size={isNarrow ? '100%' : 520}
      title={choice && <Untrusted lines="many">{choice.title}</Untrusted>}
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {choice && source && <ActorsBody key={choice.title} choice={choice} source={source} onExplain={onExplain} />}
    </Drawer>
  )
}

function ActorsBody({ choice, source, onExplain }: { choice: ActorsChoice; source: InsightQuery; onExplain: () => void }) {
  const project = useProject()
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search.trim(), 200)
  const node = actorsSource(askedQuery(source), choice)
  const people = useInfiniteQuery({ ...actorsQuery(project.id, node, settled), placeholderData: (before) => before })
  const totals = useQuery(actorsTotalsQuery(project.id, node))
  const rows = people.data?.pages.flatMap(({ actors }) => actors) ?? []
  const isGroups = source.aggregation_group_type_index !== undefined
  const noun = isGroups ? 'group' : 'person'
  return (
    <div className={classes.actors}>
      <div className={classes.actorsHead}>
        <p className={classes.sum} role="status">
          {totals.data ? (
            <>
              <strong>{countOf(totals.data.people, noun)}</strong>
              {totals.data.events !== undefined && totals.data.events > 0 && ` with ${countOf(totals.data.events, 'event')}`}
              {addsUp(choice, totals.data) && <span className={classes.fits}> · adds up to the number</span>}
            </>
          ) : (
            'Counting …'
          )}
        </p>
        <Button size="compact-sm" variant="subtle" leftSection={<QuestionIcon size={15} />} onClick={onExplain}>
          Explain
        </Button>
      </div>
      <TextInput
        size="sm"
        placeholder="E-mail, name or id"
        aria-label="Search them"
        leftSection={<SearchIcon size={15} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {people.isPending ? (
        <SkeletonRows rows={8} />
      ) : people.error && rows.length === 0 ? (
        <Failure compact error={people.error} onRetry={() => void people.refetch()} />
      ) : rows.length === 0 ? (
        <Empty title={settled === '' ? 'Nobody' : 'Nobody matches'} />
      ) : (
        <ul className={classes.people} aria-label="People">
          {rows.map((actor) => (
            <ActorRow key={actor.id} actor={actor} projectId={project.id} />
          ))}
        </ul>
      )}
      {people.hasNextPage && (
        <Button variant="default" loading={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
          Show more
        </Button>
      )}
      {!isGroups && rows.length > 0 && <MakeCohort node={node} source={source} title={choice.title} people={totals.data?.people} />}
    </div>
  )
}

/** Events where events are counted, people where people are. */
function addsUp({ value, counts }: ActorsChoice, totals: { people: number; events?: number | undefined }): boolean {
  if (value === undefined || counts === undefined) return false
  return counts === 'people' ? totals.people === value : totals.events === value
}

function ActorRow({ actor, projectId }: { actor: Actor; projectId: number }) {
  return (
    <li className={classes.person}>
      {actor.isGroup ? (
        <span className={classes.personName}>
          <Untrusted>{actor.name}</Untrusted>
        </span>
      ) : (
        <Link to="/project/$projectId/persons/$personId" params={{ projectId, personId: actor.id }} className={classes.personName}>
          <Untrusted>{actor.name}</Untrusted>
        </Link>
      )}
      <span className={classes.personNote}>
        {actor.createdAt && (
          <>
            first seen <Instant at={actor.createdAt} style="short" />
          </>
        )}
      </span>
      {actor.events !== undefined && <span className={classes.personCount}>{formatCount(actor.events)}×</span>}
    </li>
  )
}

interface MakeCohortProps {
  node: Record<string, unknown>
  source: InsightQuery
  title: string
  people: number | undefined
}

function MakeCohort({ node, source, title, people }: MakeCohortProps) {
  const project = useProject()
  const queryClient = useQueryClient()
  const [name, setName] = useState(title.slice(0, 120))
  const [isAsking, setIsAsking] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [made, setMade] = useState<CohortBody>()
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['project', project.id, 'cohorts'] })
  const doing = async (failed: string, work: () => Promise<void>) => {
    setIsBusy(true)
    try {
      await work()
      await refresh()
      setIsAsking(false)
    } catch (error) {
      toast(`${failed}: ${describeError(error).cause}`, 'failed')
    } finally {
      setIsBusy(false)
    }
  }
  const make = () =>
    doing('No cohort was made', async () => {
      const query = { kind: 'ActorsQuery', select: ['id'], source: node }
      const cohort = await createStaticCohort(project.id, { name: name.trim(), query })
      setMade(await calculatedCohort(project.id, cohort.id))
    })
  const undo = (cohort: CohortBody) =>
    doing('Not undone', async () => {
      await deleteCohort(project.id, cohort.id)
      setMade(undefined)
    })
  if (made) return <MadeCohort cohort={made} source={source} isBusy={isBusy} onUndo={() => void undo(made)} />
  if (!isAsking)
    return (
      <div className={classes.actorsFoot}>
        <Button variant="default" leftSection={<PersonsIcon size={16} />} onClick={() => setIsAsking(true)}>
          Make a cohort of {people === undefined ? 'them' : countOf(people, 'person')}
        </Button>
      </div>
    )
  return (
    <form
      className={classes.actorsFoot}
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      <TextInput
        label="Name of the cohort"
        value={name}
        maxLength={400}
        className={classes.cohortName}
        onChange={(event) => setName(event.currentTarget.value)}
        ref={(element) => {
          if (element && document.activeElement?.tagName !== 'INPUT') element.focus()
        }}
      />
      <Button type="submit" loading={isBusy} disabled={name.trim() === ''}>
        Make cohort
      </Button>
      <Button variant="subtle" color="gray" onClick={() => setIsAsking(false)}>
        Cancel
      </Button>
    </form>
  )
}

interface MadeCohortProps {
  cohort: CohortBody
  source: InsightQuery
  isBusy: boolean
  onUndo: () => void
}

/** What comes next stays where the cohort was made, for as long as it is looked at. */
function MadeCohort({ cohort, source, isBusy, onUndo }: MadeCohortProps) {
  const { id: projectId } = useProject()
  const isCounted = !cohort.is_calculating && cohort.count !== null
  return (
    <div className={classes.actorsFoot}>
      <p className={classes.made} role="status">
        Cohort “<Untrusted>{cohort.name}</Untrusted>” {isCounted ? `has ${countOf(cohort.count ?? 0, 'person')}.` : 'is being made.'}
      </p>
      <Button
        renderRoot={(props) => (
          <Link {...props} to="/project/$projectId/insights/new" params={{ projectId }} search={besideEveryone(source, cohort)} />
        )}
      >
        Compare its retention
      </Button>
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link {...props} to="/project/$projectId/cohorts/$cohortId" params={{ projectId, cohortId: String(cohort.id) }} />
        )}
      >
        Open it
      </Button>
      <Button variant="subtle" color="gray" loading={isBusy} onClick={onUndo}>
        Undo
      </Button>
    </div>
  )
}
