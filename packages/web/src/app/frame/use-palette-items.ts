import { useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { kinds } from '../../query-model/kinds.ts'
import { copyText } from '../../ui/copy-text.ts'
import { toast } from '../../ui/toasts.tsx'
import { navigation } from '../navigation.ts'
import type { PaletteItem } from './palette-items.ts'
import type { ProjectChoice } from './project-menu.tsx'

/** Everything that the palette knows without asking the server. */
export function usePaletteItems(projectId: number | undefined, projects: readonly ProjectChoice[], onHelp: () => void): PaletteItem[] {
  const navigate = useNavigate()
  const { setColorScheme } = useMantineColorScheme()
  return useMemo(() => {
    const go = (href: string) => () => void navigate({ href })
    const inProject: PaletteItem[] =
      projectId === undefined
        ? []
        : [
            ...navigation.flatMap(({ items }) =>
              items.map(
                ({ label, to, key }): PaletteItem => ({
                  id: `go-${key}`,
                  group: 'Go to',
                  label,
                  hint: `g ${key}`,
                  run: () => void navigate({ to, params: { projectId } }),
                }),
              ),
            ),
            ...kinds.map(
              ({ slug, label, about }): PaletteItem => ({
                id: `new-${slug}`,
                group: 'Do',
                label: `New insight: ${label.toLowerCase()}`,
                words: `create ${about}`,
                run: go(`/project/${projectId}/insights/new?kind=${slug}`),
              }),
            ),
          ]
    const making: PaletteItem[] =
      projectId === undefined
        ? []
        : (
            [
              ['cohort', 'New cohort', 'cohorts/new', 'create people segment'],
              ['action', 'New action', 'actions/new', 'create click element'],
              ['flag', 'New feature flag', 'flags/new', 'create toggle rollout'],
              ['experiment', 'New experiment', 'experiments/new', 'create a/b test'],
              ['warnings', 'See what was rejected', 'ingestion?kind=rejected', 'ingestion warnings lost'],
              ['explain-flags', 'Explain flags to somebody', 'flags/explain', 'why variant'],
              ['demo', 'Make or open the demo project', 'connect', 'example sample data meadow'],
            ] as const
          ).map(([id, label, path, words]) => ({ id: `do-${id}`, group: 'Do', label, words, run: go(`/project/${projectId}/${path}`) }))
    const scheme = (label: string, value: 'light' | 'dark' | 'auto'): PaletteItem => ({
      id: `scheme-${value}`,
      group: 'Do',
      label,
      words: 'theme colour appearance mode',
      run: () => setColorScheme(value),
    })
    return [
      ...inProject,
      ...making,
      { id: 'account', group: 'Go to', label: 'Account', run: go('/account') },
      {
        id: 'members',
        group: 'Go to',
        label: 'Members',
        words: 'people team colleagues invite add user organization',
        run: go('/account/members'),
      },
      { id: 'api-keys', group: 'Go to', label: 'Personal API keys', run: go('/account/api-keys') },
      { id: 'new-project', group: 'Do', label: 'New project', words: 'create', run: go('/projects/new') },
      {
        id: 'copy-link',
        group: 'Do',
        label: 'Copy the link to this page',
        words: 'share address url',
        run: () =>
          void copyText(window.location.href).then((isDone) =>
            toast(isDone ? 'Link copied.' : 'Copying was not allowed.', isDone ? 'done' : 'failed'),
          ),
      },
      scheme('Light colours', 'light'),
      scheme('Dark colours', 'dark'),
      scheme('Colours of the system', 'auto'),
      { id: 'help', group: 'Do', label: 'Keyboard shortcuts', hint: '?', words: 'help keys', run: onHelp },
      ...projects.map(
        ({ id, name }): PaletteItem => ({
          id: `project-${id}`,
          group: 'Projects',
          label: name,
          hint: id === projectId ? 'this one' : 'switch',
          words: 'project switch',
          run: go(`/project/${id}`),
        }),
      ),
    ]
  }, [navigate, setColorScheme, projectId, projects, onHelp])
}
