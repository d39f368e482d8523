import { configWith } from '@hedgerow/platform'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Answer,
  adminEmail,
  adminKey,
  adminPassword,
  cookiesOf,
  firstToken,
  ownOrigin,
  type RunningServer,
  secretKey,
  startServer,
} from '../running-server.fixture.ts'

let server: RunningServer

beforeAll(async () => {
  // All of them sign in from one address.
  server = await startServer({ platform: { ...configWith({}).platform, signInsPerAddress: 100, signInsPerAccount: 100 } })
})
afterAll(() => server?.close())

const anonymous = { key: null }

async function signIn(email = adminEmail, password = adminPassword, headers: Record<string, string> = {}): Promise<Answer> {
  return server.call('POST', '/api/auth/sign-in/email', { email, password }, { key: null, headers: { origin: ownOrigin, ...headers } })
}

const withSession = (cookie: string, headers: Record<string, string> = {}) => ({ key: null, headers: { cookie, ...headers } })

/** Another organisation with a user, a project and a key of its own. */
async function stranger() {
  const { accounts, keys, projects } = server.hedgerow
  const user = await accounts.createUser(`stranger-${Math.random()}@example.com`, 'Stranger')
  const organization = await accounts.createOrganization('Elsewhere', user.id)
  const project = await projects.create(organization.id, { name: 'Theirs' })
  const { value: key = '' } = await keys.create(user.id, 'theirs', ['*'])
  return { user, organization, project, key }
}

describe('personal API keys', () => {
  test.each([
    ['no key', {}, 401, 'not_authenticated'],
    ['an unknown key', { authorization: 'Bearer phx_unknown' }, 401, 'invalid_api_key'],
    ['another scheme', { authorization: 'Basic YWRtaW46YWRtaW4=' }, 401, 'not_authenticated'],
    ['a project token', { authorization: `Bearer ${firstToken}` }, 401, 'invalid_api_key'],
    ['a project secret key', { authorization: `Bearer ${secretKey}` }, 401, 'invalid_api_key'],
    ['an invented cookie', { cookie: 'hedgerow.session_token=abc.def' }, 401, 'session_expired'],
  ] as const)('%s is refused', async (_name, headers, status, code) => {
    for (const path of ['/api/projects/', '/api/projects/1/persons/', '/api/projects/1/live/events/', '/api/users/@me/']) {
      expect(await server.call('GET', path, undefined, { key: null, headers })).toMatchObject({
        status,
        body: { type: 'authentication_error', code, attr: null },
      })
    }
  })

  test('a key is shown once, works until it is revoked, and says when it was last used', async () => {
    const cookie = cookiesOf(await signIn())
    const session = withSession(cookie, { origin: ownOrigin })
    const made = await server.call('POST', '/api/personal_api_keys/', { label: 'CI', scopes: ['person:read'] }, session)
    expect(made).toMatchObject({ status: 201, body: { label: 'CI', scopes: ['person:read'], last_used_at: null } })
    const { id, value } = made.body
    expect(value).toMatch(/^phx_[0-9A-Za-z]{43}$/)
    expect((await server.call('GET', '/api/projects/1/persons/', undefined, { key: value })).status).toBe(200)

    const listed = await server.call('GET', '/api/personal_api_keys/', undefined, session)
    const row = listed.body.find((key: { id: string }) => key.id === id)
    expect(row).toMatchObject({ label: 'CI', mask_value: `phx_…${value.slice(-4)}`, last_used_at: expect.any(String) })
    expect(JSON.stringify(listed.body)).not.toContain(value)
    const { rows } = await server.hedgerow.stores.application.pool.query('SELECT * FROM personal_api_keys')
    expect(JSON.stringify(rows)).not.toContain(value)

    expect((await server.call('DELETE', `/api/personal_api_keys/${id}/`, undefined, session)).status).toBe(204)
    expect(await server.call('GET', '/api/projects/1/persons/', undefined, { key: value })).toMatchObject({
      status: 401,
      body: { code: 'invalid_api_key' },
    })
    expect((await server.call('GET', `/api/personal_api_keys/${id}/`, undefined, session)).status).toBe(404)
  })

  test('a key that was rolled has another value', async () => {
    const session = withSession(cookiesOf(await signIn()), { origin: ownOrigin })
    const made = (await server.call('POST', '/api/personal_api_keys/', { label: 'old', scopes: ['*'] }, session)).body
    const rolled = (await server.call('POST', `/api/personal_api_keys/${made.id}/roll/`, undefined, session)).body
    expect(rolled.value).not.toBe(made.value)
    expect((await server.call('GET', '/api/users/@me/', undefined, { key: made.value })).status).toBe(401)
    expect((await server.call('GET', '/api/users/@me/', undefined, { key: rolled.value })).status).toBe(200)
    const changed = await server.call('PATCH', `/api/personal_api_keys/${made.id}/`, { label: 'new', scopes: ['query:read'] }, session)
    expect(changed).toMatchObject({ status: 200, body: { label: 'new', scopes: ['query:read'] } })
    expect((await server.call('GET', '/api/users/@me/', undefined, { key: rolled.value })).status).toBe(403)
  })

  test('a key makes no keys', async () => {
    expect(await server.call('POST', '/api/personal_api_keys/', { label: 'x', scopes: ['*'] })).toMatchObject({
      status: 403,
      body: { code: 'session_required' },
    })
  })

  test.each([
    [{ scopes: ['*'] }, 'label', 'required'],
    [{ label: 'x', scopes: [] }, 'scopes', 'invalid_input'],
    [{ label: 'x', scopes: ['person:eat'] }, 'scopes[0]', 'invalid_input'],
    [{ label: 5, scopes: ['*'] }, 'label', 'invalid_input'],
  ])('%j makes no key', async (body, attr, code) => {
    const session = withSession(cookiesOf(await signIn()), { origin: ownOrigin })
    expect(await server.call('POST', '/api/personal_api_keys/', body, session)).toMatchObject({ status: 400, body: { attr, code } })
  })

  test.each([
    ['GET', '/persons/', 'person:read'],
    ['DELETE', '/persons/nobody/', 'person:write'],
    ['GET', '/groups/?group_type_index=0', 'group:read'],
    ['PATCH', '/groups_types/update_metadata/', 'group:write'],
    ['GET', '/event_definitions/', 'event_definition:read'],
    ['PATCH', '/event_definitions/x/', 'event_definition:write'],
    ['GET', '/property_definitions/', 'property_definition:read'],
    ['PATCH', '/property_definitions/x/', 'property_definition:write'],
    ['GET', '/events/', 'query:read'],
    ['POST', '/query/', 'query:read'],
    ['GET', '/live/events/', 'query:read'],
    ['GET', '/ingestion/', 'ingestion:read'],
    ['GET', '', 'project:read'],
    ['PATCH', '/', 'project:write'],
    ['DELETE', '/', 'project:write'],
  ])('%s %s needs %s', async (method, path, needed) => {
    const admin = await server.hedgerow.accounts.findByEmail(adminEmail)
    const other = needed.startsWith('person:') ? 'group:write' : 'person:write'
    const { value: key = '' } = await server.hedgerow.keys.create(admin?.id ?? '', 'narrow', [other])
    const answer = await server.call(method, `/api/projects/1${path}`, undefined, { key })
    expect(answer).toMatchObject({ status: 403, body: { code: 'missing_scope', type: 'authentication_error' } })
    expect(answer.body.detail).toContain(needed)
  })
})

describe('sessions', () => {
  test('signing in gives a cookie that scripts cannot read and other sites do not send', async () => {
    const answer = await signIn()
    expect(answer.status).toBe(200)
    const cookie = String([answer.headers['set-cookie']].flat()[0])
    expect(cookie).toMatch(/^hedgerow\.session_token=[^;]+;.*HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).not.toMatch(/Secure/)
    expect(await server.call('GET', '/api/users/@me/', undefined, withSession(cookiesOf(answer)))).toMatchObject({
      status: 200,
      body: { email: adminEmail, team: { id: 1, api_token: firstToken }, organization: { projects: [{ id: 1 }] }, scopes: ['*'] },
    })
  })

  test.each([
    [{ email: adminEmail, password: 'wrong password' }, 401, 'invalid_credentials'],
    [{ email: 'nobody@example.com', password: 'wrong password' }, 401, 'invalid_credentials'],
    [{ password: 'wrong password' }, 400, 'required'],
  ])('%j does not sign in', async (body, status, code) => {
    expect(await server.call('POST', '/api/auth/sign-in/email', body, { key: null, headers: { origin: ownOrigin } })).toMatchObject({
      status,
      body: { code },
    })
  })

  test('nobody makes an account by the sign-in library’s other doors', async () => {
    const body = { email: 'eve@example.com', password: 'long enough', name: 'Eve' }
    for (const path of ['sign-up/email', 'request-password-reset', 'update-user', 'delete-user', 'link-social', 'change-email']) {
      expect((await server.call('POST', `/api/auth/${path}`, body, { key: null, headers: { origin: ownOrigin } })).status).toBe(404)
    }
    expect(await server.call('POST', '/api/setup/', { ...body, project_name: 'P' }, anonymous)).toMatchObject({
      status: 409,
      body: { code: 'already_set_up' },
    })
  })

  test('a request that changes something must come from our own pages', async () => {
    const cookie = cookiesOf(await signIn())
    const change = (headers: Record<string, string>) =>
      server.call('PATCH', '/api/projects/1/', { name: 'Renamed' }, withSession(cookie, headers))
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost.evil.example' },
      { origin: 'http://localhost:81' },
    ]) {
      expect(await change(headers as Record<string, string>)).toMatchObject({ status: 403, body: { code: 'csrf_failed' } })
    }
    expect((await change({ origin: ownOrigin })).status).toBe(200)
    for (const path of ['sign-out', 'revoke-other-sessions', 'change-password']) {
      expect(await server.call('POST', `/api/auth/${path}`, {}, withSession(cookie, { origin: 'https://evil.example' }))).toMatchObject({
        status: 403,
        body: { code: 'csrf_failed' },
      })
      expect((await server.call('POST', `/api/auth/${path}`, {}, withSession(cookie))).status).toBe(403)
    }
    expect(await signIn(adminEmail, adminPassword, { origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'csrf_failed' },
    })
  })

  test('a session ends when it is signed out, revoked or too old', async () => {
    const me = (cookie: string) => server.call('GET', '/api/users/@me/', undefined, withSession(cookie))
    const [one, two, three, four] = await Promise.all([signIn(), signIn(), signIn(), signIn()]).then((answers) => answers.map(cookiesOf))
    const from = (cookie: string | undefined) => withSession(cookie ?? '', { origin: ownOrigin })

    expect((await server.call('POST', '/api/auth/sign-out', {}, from(one))).status).toBe(200)
    expect(await me(one ?? '')).toMatchObject({ status: 401, body: { code: 'session_expired' } })

    const sessions = (await server.call('GET', '/api/auth/list-sessions', undefined, from(two))).body
    const current = (await server.call('GET', '/api/auth/get-session', undefined, from(two))).body.session
    expect(sessions.map((session: { id: string }) => session.id)).toContain(current.id)
    expect(sessions[0]).toMatchObject({ ipAddress: '127.0.0.1' })
    const ofThree = (await server.call('GET', '/api/auth/get-session', undefined, from(three))).body.session
    expect((await server.call('POST', '/api/auth/revoke-session', { token: ofThree.token }, from(two))).status).toBe(200)
    expect((await me(three ?? '')).status).toBe(401)
    expect((await me(four ?? '')).status).toBe(200)

    await server.hedgerow.stores.application.pool.query(
      "UPDATE user_sessions SET expires_at = now() - interval '1 second' WHERE token = $1",
      [current.token],
    )
    expect(await me(two ?? '')).toMatchObject({ status: 401, body: { code: 'session_expired' } })

    expect((await server.call('POST', '/api/auth/revoke-other-sessions', {}, from(four))).status).toBe(200)
    const left = (await server.call('GET', '/api/auth/list-sessions', undefined, from(four))).body
    expect(left).toHaveLength(1)
  })

  test('a password is changed by who knows it, and other sessions end', async () => {
    const cookie = cookiesOf(await signIn())
    const elsewhere = cookiesOf(await signIn())
    const change = (currentPassword: string, newPassword: string) =>
      server.call(
        'POST',
        '/api/auth/change-password',
        { currentPassword, newPassword, revokeOtherSessions: true },
        withSession(cookie, { origin: ownOrigin }),
      )
    expect(await change('not it', 'a new password')).toMatchObject({ status: 400, body: { code: 'invalid_credentials' } })
    expect(await change(adminPassword, 'short')).toMatchObject({ status: 400, body: { code: 'weak_password' } })
    const changed = await change(adminPassword, 'a new password')
    expect(changed.status).toBe(200)
    expect((await server.call('GET', '/api/users/@me/', undefined, withSession(elsewhere))).status).toBe(401)
    expect((await signIn()).status).toBe(401)
    const renewed = cookiesOf(await signIn(adminEmail, 'a new password'))
    const back = { currentPassword: 'a new password', newPassword: adminPassword }
    expect((await server.call('POST', '/api/auth/change-password', back, withSession(renewed, { origin: ownOrigin }))).status).toBe(200)
  })
})

describe('what an account cannot see does not exist', () => {
  test('the project of another organisation is answered as one that there is not', async () => {
    const theirs = await stranger()
    for (const path of ['', '/persons/', '/groups_types/', '/events/', '/ingestion/', '/live/events/', '/event_definitions/']) {
      const hidden = await server.call('GET', `/api/projects/${theirs.project.id}${path}`)
      const missing = await server.call('GET', `/api/projects/99999${path}`)
      expect(hidden.status).toBe(404)
      expect(hidden.body).toEqual({ ...missing.body, detail: missing.body.detail.replace('99999', String(theirs.project.id)) })
    }
    for (const [method, path] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/query/'],
      ['PATCH', '/reset_token/'],
      ['DELETE', '/persons/x/'],
    ] as const) {
      expect((await server.call(method, `/api/projects/${theirs.project.id}${path}`, { name: 'Mine now' })).status).toBe(404)
    }
    expect((await server.call('GET', '/api/projects/1/', undefined, { key: theirs.key })).status).toBe(404)
    expect(
      (await server.call('GET', '/api/projects/', undefined, { key: theirs.key })).body.results.map((row: { name: string }) => row.name),
    ).toEqual(['Theirs'])
    expect((await server.call('GET', `/api/organizations/${theirs.organization.id}/`)).status).toBe(404)
    expect((await server.call('GET', '/api/organizations/@current/', undefined, { key: theirs.key })).body).toMatchObject({
      name: 'Elsewhere',
      projects: [{ name: 'Theirs' }],
    })
  })

  test.each(['0', '-1', '1.5', '1e1', 'abc', '%00', '999999999999', '1%27'])('project %s is not found', async (id) => {
    expect(await server.call('GET', `/api/projects/${id}/`)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  test('@current is the project chosen last, else the first', async () => {
    expect((await server.call('GET', '/api/projects/@current/')).body.id).toBe(1)
    const second = (await server.call('POST', '/api/projects/', { name: 'Second' })).body
    expect((await server.call('GET', '/api/environments/@current/')).body.id).toBe(1)
    expect((await server.call('PATCH', '/api/users/@me/', { set_current_team: second.id })).body.team.id).toBe(second.id)
    expect((await server.call('GET', '/api/environments/@current/')).body.id).toBe(second.id)
    const theirs = await stranger()
    expect((await server.call('PATCH', '/api/users/@me/', { set_current_team: theirs.project.id })).status).toBe(404)
    expect((await server.call('DELETE', `/api/projects/${second.id}/`)).status).toBe(204)
    expect((await server.call('GET', '/api/projects/@current/')).body.id).toBe(1)
  })

  test('members change settings; owners and admins delete projects and replace keys', async () => {
    const { accounts, keys } = server.hedgerow
    const admin = await accounts.findByEmail(adminEmail)
    const [organization] = await accounts.organizationsOf(admin?.id ?? '')
    const member = await accounts.createUser('member@example.com', 'Member')
    await accounts.join(organization?.id ?? '', member.id, 'member')
    const { value: key = '' } = await keys.create(member.id, 'mine', ['*'])
    expect((await server.call('PATCH', '/api/projects/1/', { name: 'By a member' }, { key })).status).toBe(200)
    for (const [method, path] of [
      ['DELETE', ''],
      ['PATCH', '/reset_token/'],
      ['PATCH', '/rotate_secret_token/'],
    ] as const) {
      expect(await server.call(method, `/api/projects/1${path}`, undefined, { key })).toMatchObject({
        status: 403,
        body: { code: 'permission_denied' },
      })
    }
    expect((await server.call('GET', '/api/projects/1/', undefined, { key: adminKey })).body.name).toBe('By a member')
  })

  test('owners take others in, whose password is told once, and put them out again; nobody else does', async () => {
    const session = withSession(cookiesOf(await signIn()), { origin: ownOrigin })
    const path = '/api/organizations/@current/members/'
    const added = await server.call('POST', path, { email: 'Grace@Example.com', name: 'Grace', role: 'admin' }, session)
    expect(added).toMatchObject({ status: 201, body: { user: { email: 'grace@example.com', first_name: 'Grace' }, role: 'admin' } })
    const { password, user } = added.body
    const hers = withSession(cookiesOf(await signIn('grace@example.com', password)), { origin: ownOrigin })
    expect((await server.call('GET', '/api/projects/1/', undefined, hers)).status).toBe(200)
    expect((await server.call('GET', path, undefined, hers)).body.results.map((each: { role: string }) => each.role)).toContain('owner')
    expect(JSON.stringify((await server.call('GET', path, undefined, session)).body)).not.toContain(password)

    expect(await server.call('POST', path, { email: 'grace@example.com', name: 'Again' }, session)).toMatchObject({
      status: 400,
      body: { attr: 'email' },
    })
    const owner = (await server.call('GET', '/api/users/@me/', undefined, session)).body
    expect((await server.call('DELETE', `${path}${owner.id}/`, undefined, hers)).status).toBe(403)
    expect((await server.call('DELETE', `${path}${owner.id}/`, undefined, session)).body.code).toBe('cannot_change')
    expect((await server.call('DELETE', `${path}${user.id}/`, undefined, session)).status).toBe(204)
    expect((await server.call('GET', '/api/projects/1/', undefined, hers)).status).toBe(401)
    expect((await server.call('DELETE', `${path}${user.id}/`, undefined, session)).status).toBe(404)

    // A member, a key and a stranger take nobody in.
    const { body } = await server.call('POST', path, { email: 'alan@example.com', name: 'Alan' }, session)
    expect(body.role).toBe('member')
    const wanted = { email: 'more@example.com', name: 'More' }
    const { accounts, members } = server.hedgerow
    const alan = {
      via: 'session',
      userId: body.user.id,
      scopes: ['*'],
      organizations: await accounts.organizationsOf(body.user.id),
      currentProjectId: null,
    } as const
    await expect(members.add(alan, '@current', { ...wanted, role: 'member' })).rejects.toMatchObject({ code: 'permission_denied' })
    await expect(members.remove(alan, '@current', owner.id)).rejects.toMatchObject({ code: 'permission_denied' })
    expect(await server.call('POST', path, wanted)).toMatchObject({ status: 403, body: { code: 'session_required' } })
    const theirs = await stranger()
    expect((await server.call('POST', `/api/organizations/${theirs.organization.id}/members/`, wanted, session)).status).toBe(404)
    expect(await server.call('POST', path, { email: 'no address', name: 'x' }, session)).toMatchObject({
      status: 400,
      body: { attr: 'email' },
    })
    expect(await server.call('POST', path, { ...wanted, role: 'owner' }, session)).toMatchObject({ status: 400, body: { attr: 'role' } })
  })

  test('owners and admins change what a member is; the organization passes from owner to owner', async () => {
    const session = withSession(cookiesOf(await signIn()), { origin: ownOrigin })
    const path = '/api/organizations/@current/members/'
    const added = await server.call('POST', path, { email: 'ida@example.com', name: 'Ida', role: 'member' }, session)
    const ida = `${path}${added.body.user.id}/`
    const hers = withSession(cookiesOf(await signIn('ida@example.com', added.body.password)), { origin: ownOrigin })
    const owner = `${path}${(await server.call('GET', '/api/users/@me/', undefined, session)).body.id}/`

    expect((await server.call('PATCH', ida, { role: 'admin' }, hers)).status).toBe(403)
    expect(await server.call('PATCH', ida, { role: 'admin' }, session)).toMatchObject({ status: 200, body: { role: 'admin' } })
    // Heard at once, by the session that she has.
    expect((await server.call('POST', path, { email: 'ole@example.com', name: 'Ole' }, hers)).status).toBe(201)
    expect((await server.call('PATCH', ida, { role: 'member' }, hers)).body.code).toBe('cannot_change')
    expect((await server.call('PATCH', owner, { role: 'member' }, hers)).body.code).toBe('permission_denied')
    expect((await server.call('PATCH', ida, { role: 'king' }, session)).body).toMatchObject({ attr: 'role' })
    expect((await server.call('PATCH', `${path}nobody/`, { role: 'admin' }, session)).status).toBe(404)
    expect(await server.call('PATCH', ida, { role: 'admin' })).toMatchObject({ status: 403, body: { code: 'session_required' } })

    const ole = (await server.call('GET', path, undefined, session)).body.results.find(
      ({ user }: { user: { email: string } }) => user.email === 'ole@example.com',
    )
    expect((await server.call('PATCH', `${path}${ole.user.id}/`, { role: 'owner' }, hers)).body.code).toBe('permission_denied')
    expect((await server.call('PATCH', ida, { role: 'owner' }, session)).body.role).toBe('owner')
    expect((await server.call('PATCH', ida, { role: 'member' }, session)).body.code).toBe('permission_denied')
    expect((await server.call('PATCH', owner, { role: 'owner' }, hers)).body.role).toBe('owner')
    expect((await server.call('PATCH', ida, { role: 'member' }, session)).body.role).toBe('member')
  })

  test('a password is reset by a link that is good once; sessions and the former password end with it', async () => {
    const session = withSession(cookiesOf(await signIn()), { origin: ownOrigin })
    const path = '/api/organizations/@current/members/'
    const { user, password } = (await server.call('POST', path, { email: 'max@example.com', name: 'Max', role: 'admin' }, session)).body
    const his = withSession(cookiesOf(await signIn('max@example.com', password)), { origin: ownOrigin })
    const reset = `${path}${user.id}/reset_password/`

    const first = await server.call('POST', reset, undefined, session)
    expect(first.status).toBe(200)
    const hours = (Date.parse(first.body.expires_at) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(23)
    expect((await server.call('GET', '/api/projects/1/', undefined, his)).status).toBe(401)
    expect((await signIn('max@example.com', password)).status).toBe(401)
    const { token } = (await server.call('POST', reset, undefined, session)).body

    const choose = (with_: string, newPassword: string) =>
      server.call('POST', '/api/auth/reset-password', { token: with_, newPassword }, { key: null, headers: { origin: ownOrigin } })
    expect(await choose(first.body.token, 'chosen by himself')).toMatchObject({ status: 400, body: { code: 'password_link_expired' } })
    expect((await choose(token, 'short')).body.code).toBe('weak_password')
    expect((await choose(token, 'chosen by himself')).status).toBe(200)
    expect((await choose(token, 'chosen by another')).body.code).toBe('password_link_expired')
    const again = withSession(cookiesOf(await signIn('max@example.com', 'chosen by himself')), { origin: ownOrigin })
    expect((await server.call('GET', '/api/projects/1/', undefined, again)).status).toBe(200)

    const owner = (await server.call('GET', '/api/users/@me/', undefined, session)).body
    expect((await server.call('POST', `${path}${owner.id}/reset_password/`, undefined, again)).body.code).toBe('permission_denied')
    expect((await server.call('POST', `${path}${owner.id}/reset_password/`, undefined, session)).body.code).toBe('cannot_change')
    // Whose account belongs to another organization too is not theirs alone.
    const theirs = await stranger()
    await server.hedgerow.accounts.join(theirs.organization.id, user.id, 'member')
    server.hedgerow.access.forget(user.id)
    expect((await server.call('POST', reset, undefined, session)).body.code).toBe('permission_denied')
  })
})
