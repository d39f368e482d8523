import type { MemberBody } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { canManage, canRemove, rolesFor } from './roles.ts'

const member = (id: string, role: string): MemberBody => ({
  user: { id, uuid: id, first_name: id, email: `${id}@example.com` },
  role,
  joined_at: '2026-03-01T00:00:00Z',
})
const all = [member('ada', 'owner'), member('grace', 'admin'), member('alan', 'member')]

test('owners and admins manage members', () => {
  expect(['ada', 'grace', 'alan', 'nobody'].map((id) => canManage(all, id))).toEqual([true, true, false, false])
})

test('neither an owner nor oneself can be removed', () => {
  expect(all.map((each) => canRemove(each, 'grace'))).toEqual([false, false, true])
})

test.each([
  ['ada', [[], ['member', 'owner'], ['admin', 'owner']]],
  ['grace', [[], [], ['admin']]],
  ['alan', [[], [], []]],
] as const)('what %s may make of each', (accountId, roles) => {
  expect(all.map((each) => rolesFor(all, each, accountId))).toEqual(roles)
})
