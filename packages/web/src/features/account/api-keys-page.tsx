import type { PersonalApiKeyBody } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiKeysQuery, revokeApiKey } from '../../api-client/account.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { PlusIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { KeyField } from '../../ui/key-field.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Empty, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './account.module.css'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { scopeWords } from './scopes.ts'

export function ApiKeysPage() {
  const queryClient = useQueryClient()
  const keys = useQuery(apiKeysQuery)
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<PersonalApiKeyBody>()
  const [revoking, setRevoking] = useState<PersonalApiKeyBody>()
  const refresh = () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey })
  return (
    <Page
      title="Personal API keys"
      crumbs={[{ label: 'Account', to: '/account' }]}
      width="reading"
      actions={
        <Button leftSection={<PlusIcon size={16} />} onClick={() => setMaking(true)}>
          New key
        </Button>
      }
    >
      {made?.value && (
        <Panel title={`The key “${made.label}” is made`}>
          <KeyField value={made.value} label={`Key ${made.label}`} shownOnce />
        </Panel>
      )}
      <Panel title="Your keys" note="A key acts as you. Send it as “Authorization: Bearer phx_…”. Only its digest is stored.">
        <Loaded query={keys} skeleton={<SkeletonRows rows={3} />} compact>
          {(list) =>
            list.length === 0 ? (
              <Empty title="No keys yet">Make one for a script, a notebook or a tool that reads your data.</Empty>
            ) : (
              <ul className={classes.rows}>
                {list.map((key) => (
                  <li key={key.id}>
                    <div className={classes.rowWords}>
                      <p className={classes.rowTitle}>
                        <Untrusted>{key.label}</Untrusted>
                        <code>{key.mask_value}</code>
                      </p>
                      <p className={classes.rowNote}>{scopeWords(key.scopes)}</p>
                      <p className={classes.rowNote}>
                        Made <Instant at={key.created_at} style="relative" />,{' '}
                        {key.last_used_at ? (
                          <>
                            last used <Instant at={key.last_used_at} style="relative" />
                          </>
                        ) : (
                          'never used'
                        )}
                      </p>
                    </div>
                    <Button variant="default" size="xs" onClick={() => setRevoking(key)}>
                      Revoke
                    </Button>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
      <NewKeyDialog
        opened={isMaking}
        onClose={() => setMaking(false)}
        onMade={async (key) => {
          setMade(key)
          await refresh()
        }}
      />
      <Confirm
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={`Revoke “${revoking?.label ?? ''}”?`}
        verb="Revoke key"
        onConfirm={async () => {
          if (!revoking) return
          await revokeApiKey(revoking.id)
          if (made?.id === revoking.id) setMade(undefined)
          toast('The key is revoked.')
          await refresh()
        }}
      >
        Whatever uses it is refused from now on. This cannot be undone.
      </Confirm>
    </Page>
  )
}
