import { Button, Modal, SegmentedControl, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { createApiKey } from '../../api-client/account.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Failure } from '../../ui/states.tsx'
import { keyLine, type PullTool, pullLines } from './pull-lines.ts'
import classes from './sql.module.css'

const toolLabels: Record<PullTool, string> = { duckdb: 'DuckDB', pandas: 'pandas', curl: 'CSV with curl' }

/** Lines to run on one's own machine, which bring all rows of a query there. */
export function PullDialog({ node, name, onClose }: { node: object; name: string; onClose: () => void }) {
  const project = useProject()
  const [tool, setTool] = useState<PullTool>('duckdb')
  const key = useMutation({ mutationFn: () => createApiKey(`Pull: ${name}`.slice(0, 100), ['query:read']) })
  const made = key.data?.value
  return (
    <Modal opened onClose={onClose} title="Pull to a laptop" size="xl">
      <Stack gap="md">
        <p className={classes.pullNote}>
          All rows that the query has at the moment of pulling, without the limit of this page. What runs there needs a key that may read
          queries: one that you have, or a new one.
        </p>
        <CodeBlock language="shell" caption="Once, in the terminal" code={keyLine(made ?? 'phx_…')} />
        {made ? (
          <p className={classes.pullNote} role="status">
            The key is shown this once. It can be revoked under <Link to="/account/api-keys">API keys</Link>.
          </p>
        ) : (
          <Button size="xs" variant="default" className={classes.pullKey ?? ''} loading={key.isPending} onClick={() => key.mutate()}>
            Make a key for it
          </Button>
        )}
        {key.error && <Failure compact error={key.error} />}
        <SegmentedControl
          aria-label="With what"
          value={tool}
          onChange={(next) => setTool(next as PullTool)}
          data={Object.entries(toolLabels).map(([value, label]) => ({ value, label }))}
        />
        <CodeBlock wrap caption={toolLabels[tool]} {...pullLines(tool, { host: location.origin, projectId: project.id, node })} />
      </Stack>
    </Modal>
  )
}
