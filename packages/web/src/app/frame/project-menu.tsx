import { Menu } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { CheckIcon, PlusIcon, SelectorIcon } from '../../ui/icons.tsx'
import classes from './frame.module.css'

export interface ProjectChoice {
  id: number
  name: string
  is_demo: boolean
}

interface ProjectMenuProps {
  projects: ProjectChoice[]
  projectId: number | undefined
  collapsed: boolean
}

export function ProjectMenu({ projects, projectId, collapsed }: ProjectMenuProps) {
  const navigate = useNavigate()
  const current = projects.find(({ id }) => id === projectId)
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <button type="button" className={classes.project} {...(collapsed ? { 'aria-label': `Project ${current?.name ?? ''}` } : {})}>
          <span className={classes.projectSign} aria-hidden="true">
            {initial(current?.name)}
          </span>
          {!collapsed && (
            <>
              <span className={classes.projectName}>
                {current?.name ?? 'No project'}
                {current?.is_demo && !/demo/i.test(current.name) && <span className={classes.demo}>demo</span>}
              </span>
              <SelectorIcon size={15} />
            </>
          )}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Projects</Menu.Label>
        <div className={classes.projectList}>
          {projects.map((project) => (
            <Menu.Item
              key={project.id}
              rightSection={project.id === projectId ? <CheckIcon size={15} /> : undefined}
              onClick={() => void navigate({ to: '/project/$projectId', params: { projectId: project.id } })}
            >
              <span className={classes.menuText}>{project.name}</span>
            </Menu.Item>
          ))}
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/projects/new" leftSection={<PlusIcon size={15} />}>
          New project
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function initial(name: string | undefined): string {
  return name ? ([...name.trim()][0]?.toUpperCase() ?? '?') : '?'
}
