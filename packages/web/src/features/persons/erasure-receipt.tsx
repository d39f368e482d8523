import { Button, Group, Loader, Modal, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { commandQuery, remainingEventsQuery } from '../../api-client/persons.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { countOf } from '../../ui/numbers.ts'
import { fileName, offerFile } from '../../ui/offer-file.ts'
import { Failure } from '../../ui/states.tsx'
import { type Erasure, erasureReceipt } from './erasure.ts'

/** What a deletion took, and what is found since: to be kept as a file. */
export function ErasureReceipt({ erasure, onClose }: { erasure: Erasure; onClose: () => void }) {
  const { project, person, events } = erasure
  const command = useQuery(commandQuery(project.id, erasure.command)).data
  const isDone = command.status === 'done'
  const check = useQuery({ ...remainingEventsQuery(project.id, person.id, person.distinct_ids), enabled: isDone && events !== undefined })
  const receipt = JSON.stringify(erasureReceipt({ ...erasure, command }, check.data), null, 2)
  const file = fileName(`erasure ${person.id}`, 'json')
  return (
    <Modal opened onClose={onClose} title="Receipt of the deletion" size="lg">
      <Stack gap="md">
        <p role="status">
          {!isDone && (
            <>
              <Loader size={13} color="hedge" /> It waits for what came before it; this page looks again every second.
            </>
          )}
          {isDone && events === undefined && 'The person is deleted. The events stay, without a person.'}
          {isDone && events !== undefined && check.data && (
            <>
              The person is deleted, and {countOf(events, 'event')} with it. Asked again, {countOf(check.data.events, 'event')} of these ids{' '}
              {check.data.events === 1 ? 'is' : 'are'} found.
              {check.data.events > 0 && ' They came after the deletion was asked for.'}
            </>
          )}
          {isDone && events !== undefined && check.isPending && 'Looking whether anything is found …'}
        </p>
        {check.error && <Failure compact error={check.error} onRetry={() => void check.refetch()} />}
        <CodeBlock language="json" wrap code={receipt} caption={file} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => offerFile(new Blob([receipt], { type: 'application/json' }), file)}>
            Save as a file
          </Button>
          <Button onClick={onClose} data-autofocus>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
