import type { UserBody } from '@hedgerow/protocol'
import { Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { signOut } from '../../api-client/account.ts'
import { describeError } from '../../api-client/errors.ts'
import { KeyIcon, MoonIcon, PersonIcon, PersonsIcon, ScreenIcon, SignOutIcon, SunIcon } from '../../ui/icons.tsx'
import { toast } from '../../ui/toasts.tsx'
import classes from './frame.module.css'

export function AccountMenu({ account, collapsed }: { account: UserBody; collapsed: boolean }) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const name = account.first_name || account.email
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
        <div className={classes.schemes}>
          <ColourSchemes />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<SignOutIcon size={16} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function ColourSchemes() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label="Colour scheme"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as typeof colorScheme)}
      data={[
        { value: 'light', label: <SchemeLabel Icon={SunIcon} text="Light" /> },
        { value: 'dark', label: <SchemeLabel Icon={MoonIcon} text="Dark" /> },
        { value: 'auto', label: <SchemeLabel Icon={ScreenIcon} text="System" /> },
      ]}
    />
  )
}

function SchemeLabel({ Icon, text }: { Icon: typeof SunIcon; text: string }) {
  return (
    <span className={classes.scheme}>
      <Icon size={14} />
      {text}
    </span>
  )
}
