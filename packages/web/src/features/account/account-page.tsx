import type { UserBody } from '@hedgerow/protocol'
import { Button, Group, PasswordInput, SegmentedControl, Stack, TextInput, useMantineColorScheme } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { changeName, changePassword, revokeOtherSessions, revokeSession, sessionsQuery } from '../../api-client/account.ts'
import { describeError } from '../../api-client/errors.ts'
import { Instant } from '../../ui/instant.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Failure, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import classes from './account.module.css'
import { deviceName } from './device.ts'

const passwordMinLength = 8

export function AccountPage({ account }: { account: UserBody }) {
  return (
    <Page
      title="Account"
      width="reading"
      actions={
        <>
          <Button variant="default" component={Link} to="/account/members">
            Members
          </Button>
          <Button variant="default" component={Link} to="/account/api-keys">
            Personal API keys
          </Button>
        </>
      }
    >
      <Profile account={account} />
      <Appearance />
      <Password />
      <Sessions />
    </Page>
  )
}

function Profile({ account }: { account: UserBody }) {
  const queryClient = useQueryClient()
  const router = useRouter()
  const [name, setName] = useState(account.first_name)
  const saving = useMutation({
    mutationFn: () => changeName(name.trim()),
    onSuccess: async () => {
      toast('Saved.')
      await queryClient.invalidateQueries({ queryKey: ['account'] })
      await router.invalidate()
    },
  })
  return (
    <Panel title="You">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="name"
            maxLength={200}
          />
          <TextInput label="E-mail" value={account.email} readOnly variant="unstyled" description="You sign in with it." />
          {saving.error && <Failure error={saving.error} compact />}
          <Group>
            <Button
              type="submit"
              variant="default"
              loading={saving.isPending}
              disabled={name.trim() === '' || name.trim() === account.first_name}
            >
              Save name
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Panel
      title="Appearance"
      note="Kept in this browser."
      actions={
        <SegmentedControl
          aria-label="Colour scheme"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={[
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
            { value: 'auto', label: 'As the system' },
          ]}
        />
      }
    />
  )
}

function Password() {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const saving = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      setCurrent('')
      setNext('')
      toast('The password is changed. Other sessions are signed out.')
    },
  })
  const isShort = next !== '' && next.length < passwordMinLength
  return (
    <Panel title="Password" note="Changing it signs out every other session.">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        <Stack gap="md">
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            error={isShort ? `At least ${passwordMinLength} characters.` : undefined}
          />
          {saving.error && <Failure error={saving.error} compact />}
          <Group>
            <Button type="submit" variant="default" loading={saving.isPending} disabled={current === '' || next.length < passwordMinLength}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}

function Sessions() {
  const queryClient = useQueryClient()
  const sessions = useQuery(sessionsQuery)
  const revoking = useMutation({
    mutationFn: (token: string | 'others') => (token === 'others' ? revokeOtherSessions() : revokeSession(token)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
    onError: (error) => toast(`Not signed out: ${describeError(error).cause}`, 'failed'),
  })
  const others = sessions.data?.filter(({ isCurrent }) => !isCurrent) ?? []
  return (
    <Panel
      title="Sessions"
      note="Where you are signed in."
      actions={
        others.length > 0 && (
          <Button variant="default" size="xs" onClick={() => revoking.mutate('others')} loading={revoking.isPending}>
            Sign out everywhere else
          </Button>
        )
      }
    >
      <Loaded query={sessions} skeleton={<SkeletonRows rows={2} />} compact>
        {(list) => (
          <ul className={classes.rows}>
            {list.map((session) => (
              <li key={session.id}>
                <div className={classes.rowWords}>
                  <p className={classes.rowTitle}>
                    {deviceName(session.userAgent)}
                    {session.isCurrent && <span className={classes.tag}>this one</span>}
                  </p>
                  <p className={classes.rowNote}>
                    {session.ipAddress && `${session.ipAddress}, `}signed in <Instant at={session.createdAt} style="relative" />, until{' '}
                    <Instant at={session.expiresAt} style="short" />
                  </p>
                </div>
                {!session.isCurrent && (
                  <Button variant="default" size="xs" onClick={() => revoking.mutate(session.token)}>
                    Sign out
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  )
}
