import { describe, expect, it } from 'vitest'
import { flagSnippets } from './flag-snippets.ts'

const asked = {
  key: 'new-nav',
  variants: [],
  hasPayload: false,
  isRemote: false,
  groupTypes: [],
  token: 'phc_x',
  host: 'https://h.example',
}
const codeOf = (change: Partial<Parameters<typeof flagSnippets>[0]>, id: string) =>
  flagSnippets({ ...asked, ...change }).find((snippet) => snippet.id === id)?.code ?? ''

describe('snippets of a flag', () => {
  it('asks whether it is on, or which variant it is', () => {
    expect(codeOf({}, 'browser')).toContain('posthog.isFeatureEnabled("new-nav")')
    expect(codeOf({ variants: ['control', 'test'] }, 'browser')).toContain('posthog.getFeatureFlag("new-nav") === "test"')
    expect(codeOf({ variants: ['control', 'test'] }, 'react')).toContain('useFeatureFlagVariantKey("new-nav")')
    expect(codeOf({}, 'python')).toContain('if posthog.feature_enabled("new-nav", "user-42"):')
  })

  it('reads the payload only where there is one', () => {
    for (const { id, code } of flagSnippets(asked)) expect([id, /payload\b(?!\{)/i.test(code)]).toEqual([id, false])
    for (const id of ['browser', 'react', 'node', 'python', 'ios', 'php']) expect(codeOf({ hasPayload: true }, id)).toMatch(/payload/i)
  })

  it('reads a configuration with a secret key, from servers alone', () => {
    expect(flagSnippets({ ...asked, isRemote: true }).map(({ id }) => id)).toEqual(['node', 'python', 'curl'])
    expect(codeOf({ isRemote: true }, 'node')).toContain('await posthog.getRemoteConfigPayload("new-nav")')
    expect(codeOf({ isRemote: true }, 'curl')).toContain(
      `'https://h.example/api/projects/@current/feature_flags/new-nav/remote_config/?token=phc_x'`,
    )
  })

  it('names groups, and is not broken by what they are called', () => {
    expect(codeOf({ groupTypes: ['company'] }, 'node')).toContain(`{ groups: { "company": 'the id of the company' } }`)
    const hostile = codeOf({ groupTypes: [`a'b"; rm -rf`] }, 'curl')
    expect(hostile).toContain(`"a'\\''b\\"; rm -rf": "the id of the ab rm -rf"`)
  })

  it('knows phones and other languages, none of them broken by a group type', () => {
    const ids = ['react-native', 'ios', 'android', 'go', 'ruby', 'php']
    for (const id of ids) {
      expect([id, codeOf({}, id)]).toEqual([id, expect.stringContaining('new-nav')])
      const code = codeOf({ variants: ['control', 'test'], hasPayload: true, groupTypes: [`a'b"#{x}$y`] }, id)
      expect([id, code]).toEqual([id, expect.stringMatching(/['"]test['"]/)])
      expect([id, code]).toEqual([id, expect.stringMatching(/payload/i)])
      expect([id, code]).toEqual([id, expect.stringMatching(/(['"])abxy\1.*(['"])the id of the abxy\2/)])
    }
  })

  it('asks the address with curl for this flag alone', () => {
    expect(codeOf({}, 'curl')).toContain(`curl 'https://h.example/flags/?v=2'`)
    expect(codeOf({}, 'curl')).toContain('"flag_keys_to_evaluate": [\n    "new-nav"\n  ]')
  })
})
