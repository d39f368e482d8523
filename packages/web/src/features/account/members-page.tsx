import type { AddedMemberBody, MemberBody, PasswordResetBody, UserBody } from '@hedgerow/protocol'
import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { describeError } from '../../api-client/errors.ts'
import { addMember, changeMember, membersQuery, removeMember, resetPassword } from '../../api-client/members.ts'
import { userName } from '../../api-client/user-name.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { PlusIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { KeyField } from '../../ui/key-field.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './account.module.css'
import { MemberMenu, type MemberRole } from './member-menu.tsx'
import { canManage, canRemove, rolesFor, roleWords } from './roles.ts'

/** Who works in the organization; owners and admins take others in, and put them out. */
export function MembersPage({ account }: { account: UserBody }) {
  const queryClient = useQueryClient()
  const members = useQuery(membersQuery)
  const [isAdding, setAdding] = useState(false)
  const [added, setAdded] = useState<AddedMemberBody>()
  const [removing, setRemoving] = useState<MemberBody>()
  const [resetting, setResetting] = useState<MemberBody>()
  const [heir, setHeir] = useState<MemberBody>()
  const [link, setLink] = useState<{ member: MemberBody; reset: PasswordResetBody }>()
  const refresh = () => queryClient.invalidateQueries({ queryKey: membersQuery.queryKey })
  const giveRole = async (member: MemberBody, role: MemberRole) => {
    const before = member.role
    await changeMember(member.user.id, { role })
    const undo = async () => {
      await changeMember(member.user.id, { role: before === 'admin' ? 'admin' : 'member' })
      await refresh()
    }
    toast(`${nameOf(member)} is ${roleWords[role]?.toLowerCase()} now.`, 'done', role === 'owner' ? undefined : undo)
    await refresh()
  }
  const mayManage = canManage(members.data ?? [], account.id)
  return (
    <Page
      title="Members"
      crumbs={[{ label: 'Account', to: '/account' }]}
      width="reading"
      actions={
        mayManage && (
          <Button leftSection={<PlusIcon size={16} />} onClick={() => setAdding(true)}>
            Add a member
          </Button>
        )
      }
    >
      {added && <Added member={added} />}
      {link && <PasswordLink {...link} />}
      <Panel
        title={account.organization?.name ?? 'Members'}
        note="Members see every project of the organization, and change what is in them. Owners and admins also delete projects, replace keys and say who belongs here."
      >
        <Loaded query={members} skeleton={<SkeletonRows rows={3} />} compact>
          {(list) => (
            <ul className={classes.rows}>
              {list.map((member) => (
                <li key={member.user.id}>
                  <div className={classes.rowWords}>
                    <p className={classes.rowTitle}>
                      <Untrusted>{nameOf(member)}</Untrusted>
                      {member.user.id === account.id && <span className={classes.tag}>you</span>}
                    </p>
                    <p className={classes.rowNote}>
                      <Untrusted>{member.user.email}</Untrusted>
                    </p>
                    <p className={classes.rowNote}>
                      {roleWords[member.role] ?? member.role}, since <Instant at={member.joined_at} style="short" />
                    </p>
                  </div>
                  {mayManage && canRemove(member, account.id) && (
                    <MemberMenu
                      member={member}
                      roles={rolesFor(list, member, account.id)}
                      onRole={(role) => {
                        if (role === 'owner') setHeir(member)
                        else giveRole(member, role).catch((error: unknown) => toast(`Not changed: ${describeError(error).cause}`, 'failed'))
                      }}
                      onReset={() => setResetting(member)}
                      onRemove={() => setRemoving(member)}
                    />
                  )}
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Add a member" size="md">
        {isAdding && (
          <AddForm
            onClose={() => setAdding(false)}
            onAdded={async (member) => {
              setAdding(false)
              setAdded(member)
              await refresh()
            }}
          />
        )}
      </Modal>
      <Confirm
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={`Remove ${removing ? nameOf(removing) : ''}?`}
        verb="Remove"
        onConfirm={async () => {
          if (!removing) return
          await removeMember(removing.user.id)
          if (link?.member.user.id === removing.user.id) setLink(undefined)
          if (added?.user.id === removing.user.id) setAdded(undefined)
          toast('Removed, and signed out everywhere.')
          await refresh()
        }}
      >
        What they made stays. They are signed out, and see the organization no more until somebody adds them again.
      </Confirm>
      <Confirm
        opened={resetting !== undefined}
        onClose={() => setResetting(undefined)}
        title={`Reset the password of ${resetting ? nameOf(resetting) : ''}?`}
        verb="Reset password"
        onConfirm={async () => {
          if (!resetting) return
          setLink({ member: resetting, reset: await resetPassword(resetting.user.id) })
          setAdded(undefined)
        }}
      >
        They are signed out everywhere, and their password no longer works. You get a link to pass on, by which they choose the next one.
        Their personal API keys go on.
      </Confirm>
      <Confirm
        opened={heir !== undefined}
        onClose={() => setHeir(undefined)}
        title={`Make ${heir ? nameOf(heir) : ''} the owner?`}
        verb="Pass it on"
        onConfirm={async () => heir && giveRole(heir, 'owner')}
      >
        You become an admin. Only the new owner can make you the owner again.
      </Confirm>
    </Page>
  )
}

const nameOf = ({ user }: MemberBody): string => userName(user)

function PasswordLink({ member, reset }: { member: MemberBody; reset: PasswordResetBody }) {
  return (
    <Panel
      title={`${nameOf(member)} chooses a new password`}
      note={
        <>
          Pass on this link. It is good once, until <Instant at={reset.expires_at} style="short" />; resetting again makes another.
        </>
      }
    >
      <KeyField value={`${location.origin}/new-password#${reset.token}`} label={`Link for ${nameOf(member)}`} shownOnce />
    </Panel>
  )
}

/** What is to be passed on to somebody new. */
function Added({ member: { user, password } }: { member: AddedMemberBody }) {
  const name = userName(user)
  if (password === null)
    return (
      <Panel
        title={`${name} belongs to the organization`}
        note={`Signs in at ${location.origin} as before: there was an account with this address already.`}
      />
    )
  return (
    <Panel
      title={`${name} can sign in`}
      note={`Pass on the address ${location.origin}, the e-mail ${user.email} and this password, which can be changed under Account.`}
    >
      <KeyField value={password} label={`Password of ${name}`} shownOnce />
    </Panel>
  )
}

function AddForm({ onClose, onAdded }: { onClose: () => void; onAdded: (member: AddedMemberBody) => Promise<void> }) {
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<'member' | 'admin'>('member')
  const adding = useMutation({ mutationFn: () => addMember({ email: email.trim(), name: name.trim(), role }), onSuccess: onAdded })
  return (
    <DialogForm
      submit="Add"
      isReady={email.trim() !== '' && name.trim() !== ''}
      isBusy={adding.isPending}
      error={adding.error}
      onSubmit={() => adding.mutate()}
      onCancel={onClose}
    >
      <TextInput
        label="E-mail"
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
      <TextInput label="Name" value={name} maxLength={200} onChange={(event) => setName(event.currentTarget.value)} autoComplete="off" />
      <div>
        <p className={classes.label} id="member-role">
          Role
        </p>
        <SegmentedControl
          aria-labelledby="member-role"
          value={role}
          onChange={(value) => setRole(value === 'admin' ? 'admin' : 'member')}
          data={[
            { value: 'member', label: 'Member' },
            { value: 'admin', label: 'Admin' },
          ]}
        />
      </div>
    </DialogForm>
  )
}
