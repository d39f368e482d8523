import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { projectQuery, rotateSecretKey } from '../../api-client/projects.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { KeyField } from '../../ui/key-field.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import classes from './settings.module.css'

export function KeysPage() {
  const project = useProject()
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [secret, setSecret] = useState<string>()
  const hint = project.secret_api_token_hint
  return (
    <Page title="Keys" width="reading">
      <Panel
        title="Project token"
        note="SDKs send it with every event. It is no secret: whoever visits your site can read it, and it can only write events."
      >
        <KeyField value={project.api_token} label="Project token" />
      </Panel>
      <Panel
        title="Secret key"
        note="For servers that evaluate feature flags by themselves. It reads flag definitions; keep it out of browsers and apps."
        actions={
          <Button variant="default" onClick={() => setAsking(true)}>
            {hint ? 'Replace' : 'Make a key'}
          </Button>
        }
      >
        {secret ? (
          <KeyField value={secret} label="Secret key" shownOnce />
        ) : (
          <p className={classes.faint}>
            {hint ? (
              <>
                In use, ending in <code>{hint}</code>. Only its digest is stored, so it cannot be shown again.
              </>
            ) : (
              'This project has none yet.'
            )}
          </p>
        )}
        <Confirm
          opened={asking}
          onClose={() => setAsking(false)}
          title={hint ? 'Replace the secret key?' : 'Make a secret key?'}
          verb={hint ? 'Replace key' : 'Make key'}
          tone={hint ? 'danger' : 'plain'}
          onConfirm={async () => {
            const answer = await rotateSecretKey(project.id)
            setSecret(answer.secret_api_token)
            await queryClient.invalidateQueries({ queryKey: projectQuery(project.id).queryKey })
          }}
        >
          {hint ? (
            <p>
              The key ending in <code>{hint}</code> stops working at once. Servers that use it need the new one.
            </p>
          ) : (
            <p>It is shown once, after this. Copy it into the settings of your server.</p>
          )}
        </Confirm>
      </Panel>
      <Panel
        title="Personal API keys"
        note="For scripts and tools that read data or change settings as you, in every project that you may see."
        actions={
          <Button variant="default" component={Link} to="/account/api-keys">
            Your API keys
          </Button>
        }
      />
    </Page>
  )
}
