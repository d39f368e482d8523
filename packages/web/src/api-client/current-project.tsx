import type { ProjectBody } from '@hedgerow/protocol'
import { createContext, type ReactNode, useContext } from 'react'

const ProjectContext = createContext<ProjectBody | undefined>(undefined)

export function CurrentProject({ project, children }: { project: ProjectBody; children: ReactNode }) {
  return <ProjectContext value={project}>{children}</ProjectContext>
}

/** The project whose page this is. Only inside a project's pages. */
export function useProject(): ProjectBody {
  const project = useContext(ProjectContext)
  if (!project) throw new Error('useProject() outside a project page')
  return project
}
