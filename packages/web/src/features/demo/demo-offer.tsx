import { Button, Progress } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { beginDemo, demoQuery } from '../../api-client/demo.ts'
import { countOf } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import classes from './demo-offer.module.css'
import { demoWords } from './demo-words.ts'

/**
 * A project full of events, one click away: made in the running server, with its progress, and opened once it can be looked at. `within`: the
 * project that one is in; the demo does not offer itself.
 */
export function DemoOffer({ within }: { within?: number }) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const query = useQuery(demoQuery)
  const begin = useMutation({
    mutationFn: beginDemo,
    onSuccess: (body) => queryClient.setQueryData(demoQuery.queryKey, body),
  })
  const demo = query.data
  const wasFilling = useRef(false)
  const open = (id: number) => navigate({ to: '/project/$projectId/insights', params: { projectId: id } })
  const status = demo?.status
  const projectId = demo?.project_id
  // Who asked for it and waited here is led there; who came later is not taken away from what they do.
  useEffect(() => {
    if (status === 'filling' && begin.isSuccess) wasFilling.current = true
    if (status !== 'ready' || !wasFilling.current || typeof projectId !== 'number') return
    wasFilling.current = false
    void queryClient
      .invalidateQueries({ queryKey: ['account'] })
      .then(() => navigate({ to: '/project/$projectId/insights', params: { projectId } }))
  }, [status, projectId, begin.isSuccess, navigate, queryClient])
  if (!demo || (demo.status === 'ready' && demo.project_id === within)) return null
  const words = demoWords(demo)
  return (
    <Panel title={words.title} note={words.note}>
      {demo.status === 'filling' ? (
        <div role="status" className={classes.progress}>
          <Progress value={demo.fraction * 100} aria-label="How much of the demo is made" />
          <p>
            {Math.floor(demo.fraction * 100)} %, {countOf(demo.stored, 'event')} stored. It goes on while you look elsewhere.
          </p>
        </div>
      ) : demo.status === 'ready' && demo.project_id !== null ? (
        <Button variant="default" onClick={() => void open(demo.project_id ?? 0)}>
          Open the demo
        </Button>
      ) : (
        <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
          {demo.status === 'interrupted' ? 'Go on making the demo' : 'Make the demo project'}
        </Button>
      )}
      {begin.error && <Failure error={begin.error} compact />}
      {demo.error !== null && (
        <p role="alert" className={classes.failed}>
          The last attempt failed: {demo.error}
        </p>
      )}
    </Panel>
  )
}
