import type { FlagBody } from '@hedgerow/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeFlag } from '../../api-client/flags.ts'
import { toast } from '../../ui/toasts.tsx'

/** Turns a flag on and off, at once and for everyone; what was done can be taken back from the notice. */
export function useFlagSwitch(projectId: number) {
  const client = useQueryClient()
  const [busyId, setBusyId] = useState<number>()
  const write = async (flag: FlagBody, active: boolean) => {
    await changeFlag(projectId, flag.id, { active })
    await Promise.all([
      client.invalidateQueries({ queryKey: ['project', projectId, 'flags'] }),
      client.invalidateQueries({ queryKey: ['project', projectId, 'flag', String(flag.id)] }),
    ])
  }
  const toggle = async (flag: FlagBody) => {
    setBusyId(flag.id)
    try {
      await write(flag, !flag.active)
      toast(`${flag.key} is ${flag.active ? 'disabled' : 'enabled'}`, 'done', () => write(flag, flag.active))
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), 'failed')
    } finally {
      setBusyId(undefined)
    }
  }
  return { toggle, busyId }
}
