import type { UserBody } from '@hedgerow/protocol'
import { Menu, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { signOut } from '../../api-client/account.ts'
import { describeError } from '../../api-client/errors.ts'
import { userName } from '../../api-client/user-name.ts'
import { KeyIcon, MoonIcon, PersonIcon, PersonsIcon, ScreenIcon, SignOutIcon, SunIcon } from '../../ui/icons.tsx'
import { toast } from '../../ui/toasts.tsx'
import classes from './frame.module.css'

export function AccountMenu({ account, collapsed }: { account: UserBody; collapsed: boolean }) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const name = userName(account)
  const leave = async () => {
    try {
      await signOut()
      queryClient.clear()
      await navigate({ to: '/sign-in' })
    } catch (error) {
      toast(`Not signed out: ${describeError(error).cause}`, 'failed')
    }
  }
  return (
    <Menu position="top-start" width={248}>
      <Menu.Target>
        <button type="button" className={classes.account} {...(collapsed ? { 'aria-label': `Account of ${name}` } : {})}>
          <span className={classes.face} aria-hidden="true">
            {[...name][0]?.toUpperCase()}
          </span>
          {!collapsed && <span className={classes.accountName}>{name}</span>}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.menuText}>{account.email}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<PersonIcon size={16} />}>
          Account
        </Menu.Item>
        <Menu.Item component={Link} to="/account/members" leftSection={<PersonsIcon size={16} />}>
          Members
        </Menu.Item>
        <Menu.Item component={Link} to="/account/api-keys" leftSection={<KeyIcon size={16} />}>
          Personal API keys
        </Menu.Item>
        <Menu.Divider />
        <ColourSchemes />
        <Menu.Divider />
        <Menu.Item leftSection={<SignOutIcon size={16} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const schemes = [
  { value: 'light', label: 'Light', Icon: SunIcon },
  { value: 'dark', label: 'Dark', Icon: MoonIcon },
  { value: 'auto', label: 'As the system', Icon: ScreenIcon },
] as const

function ColourSchemes() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as typeof colorScheme)}>
      {schemes.map(({ value, label, Icon }) => (
        <Menu.RadioItem key={value} value={value} rightSection={<Icon size={16} />}>
          {label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  )
}
