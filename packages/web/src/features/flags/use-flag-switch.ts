import type { FlagBody } from '@hedgerow/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeFlag } from '../../api-client/flags.ts'
import { toast } from '../../ui/toasts.tsx'

/** Turns flags on and off, at once and for everyone; what was done can be taken back from the notice. */
export function useFlagSwitch(ownProjectId: number) {
  const client = useQueryClient()
  const [busyId, setBusyId] = useState<number>()
  const write = async (projectId: number, flag: FlagBody, active: boolean) => {
    await changeFlag(projectId, flag.id, { active })
    await Promise.all([
      client.invalidateQueries({ queryKey: ['project', projectId, 'flags'] }),
      client.invalidateQueries({ queryKey: ['project', projectId, 'flag', String(flag.id)] }),
    ])
  }
  /** Of another project, which serves as an environment, where one is named. */
  const toggle = async (flag: FlagBody, other?: { id: number; name: string }) => {
    const projectId = other?.id ?? ownProjectId
    const where = other ? ` in ${other.name}` : ''
    setBusyId(flag.id)
    try {
      await write(projectId, flag, !flag.active)
      toast(`${flag.key} is ${flag.active ? 'disabled' : 'enabled'}${where}`, 'done', () => write(projectId, flag, flag.active))
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), 'failed')
    } finally {
      setBusyId(undefined)
    }
  }
  return { toggle, busyId }
}
