import type { MemberBody } from '@hedgerow/protocol'
import { ActionIcon, Menu } from '@mantine/core'
import { userName } from '../../api-client/user-name.ts'
import { DotsIcon, LockIcon, PersonsIcon, TrashIcon } from '../../ui/icons.tsx'
import { roleWords } from './roles.ts'

export type MemberRole = 'owner' | 'admin' | 'member'

interface MemberMenuProps {
  member: MemberBody
  /** That the viewer may give. */
  roles: readonly MemberRole[]
  onRole: (role: MemberRole) => void
  onReset: () => void
  onRemove: () => void
}

/** What owners and admins do with a member. */
export function MemberMenu({ member, roles, onRole, onReset, onRemove }: MemberMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label={`More to do with ${userName(member.user)}`}>
          <DotsIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {roles.map((role) => (
          <Menu.Item key={role} leftSection={<PersonsIcon size={15} />} onClick={() => onRole(role)}>
            {role === 'owner' ? 'Pass the organization on' : `Make ${role === 'admin' ? 'an' : 'a'} ${roleWords[role]?.toLowerCase()}`}
          </Menu.Item>
        ))}
        <Menu.Item leftSection={<LockIcon size={15} />} onClick={onReset}>
          Reset password
        </Menu.Item>
        <Menu.Item leftSection={<TrashIcon size={15} />} onClick={onRemove}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
