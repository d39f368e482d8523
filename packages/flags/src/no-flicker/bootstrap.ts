/** What posthog-js takes as `bootstrap`, so that flags are right before anything was asked. */
export interface Bootstrap {
  distinctID: string
  isIdentifiedID: boolean
  featureFlags: Record<string, string | boolean>
  featureFlagPayloads: Record<string, unknown>
}

export interface NoFlickerOptions {
  /** Address of Hedgerow. */
  host: string
  /** The project's token, as posthog-js has it. */
  token: string
  /** How long a page waits for its flags; then it goes without, and posthog-js asks as ever. 500 unless given. */
  timeoutMs?: number
  /** Who is signed in, where the app knows it; else the id that posthog-js left in its cookie, or a new one. */
  distinctId?: (cookieHeader: string) => string | undefined
  /** The visitor's address, where flags go by its place. Express and Fastify know it by themselves. */
  ipAddress?: (request: Request) => string | undefined
  /** What flags may ask of the visitor beside what is stored. */
  personProperties?: Record<string, unknown>
  /** The global one unless given. */
  fetch?: typeof fetch
}

/** The name under which a page finds its bootstrap: `posthog.init(token, {…, bootstrap: window.__flags})`. */
const globalName = '__flags'

/** Makes the bootstrap for the visitor with these cookies; undefined where flags do not come in time. */
export function createBootstrap(options: NoFlickerOptions) {
  const { host, token, timeoutMs = 500 } = options
  const ask = options.fetch ?? fetch
  const url = `${host.replace(/\/+$/, '')}/flags/?v=2`

  return async (cookieHeader: string, ipAddress?: string): Promise<Bootstrap | undefined> => {
    const visitor = visitorOf(cookieHeader, token)
    const known = options.distinctId?.(cookieHeader)
    const distinctID = known ?? visitor?.distinctId ?? crypto.randomUUID()
    // compat: posthog-js takes the first anonymous id for the id of the device, too.
    const deviceId = visitor?.deviceId ?? (known === undefined && visitor === undefined ? distinctID : undefined)
    const body = {
      token,
      distinct_id: distinctID,
      person_properties: options.personProperties ?? {},
      evaluation_runtime: 'client',
      // why: the address that asks is that of the app's server.
      ...(ipAddress === undefined ? { geoip_disable: true } : { ip_address: ipAddress }),
      // The page belongs to whoever was there before: flags with continuity keep their answer.
      ...(deviceId === undefined ? {} : { $device_id: deviceId }),
      ...(known !== undefined && visitor && visitor.distinctId !== known ? { $anon_distinct_id: visitor.distinctId } : {}),
    }
    try {
      const response = await ask(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (!response.ok) return undefined
      const answer = (await response.json()) as { featureFlags?: Bootstrap['featureFlags']; featureFlagPayloads?: Record<string, string> }
      const payloads = Object.entries(answer.featureFlagPayloads ?? {}).map(([key, text]) => [key, jsonIn(text)])
      return {
        distinctID,
        isIdentifiedID: known !== undefined || (visitor?.isIdentified ?? false),
        featureFlags: answer.featureFlags ?? {},
        featureFlagPayloads: Object.fromEntries(payloads),
      }
    } catch {
      // why: a page without flags is better than no page; posthog-js asks again by itself.
      return undefined
    }
  }
}

/** The script element that makes it known to the page; to stand before posthog-js. */
export function bootstrapScript(bootstrap: Bootstrap | undefined, nonce?: string): string {
  const attribute = nonce === undefined ? '' : ` nonce="${nonce.replace(/[^\w+/=-]/g, '')}"`
  return `<script${attribute}>window.${globalName}=${scriptJson(bootstrap ?? null)}||undefined</script>`
}

/** A page with the script at the beginning of its head. */
export function withBootstrap(html: string, script: string): string {
  const head = /<head(?:\s[^>]*)?>/i.exec(html)
  if (head) {
    const at = head.index + head[0].length
    return html.slice(0, at) + script + html.slice(at)
  }
  const start = /^\s*<!doctype[^>]*>/i.exec(html)?.[0].length ?? 0
  return html.slice(0, start) + script + html.slice(start)
}

/** Who posthog-js says that the visitor is. */
function visitorOf(
  cookieHeader: string,
  token: string,
): { distinctId: string; deviceId: string | undefined; isIdentified: boolean } | undefined {
  const name = `ph_${token.replace(/\+/g, 'PL').replace(/\//g, 'SL').replace(/=/g, 'EQ')}_posthog`
  const value = cookieHeader
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1)
  if (value === undefined) return undefined
  try {
    const stored = JSON.parse(decodeURIComponent(value)) as { distinct_id?: unknown; $device_id?: unknown; $user_state?: unknown }
    if (typeof stored.distinct_id !== 'string' || stored.distinct_id === '') return undefined
    return {
      distinctId: stored.distinct_id,
      deviceId: typeof stored.$device_id === 'string' ? stored.$device_id : undefined,
      isIdentified: stored.$user_state === 'identified',
    }
  } catch {
    // why: a cookie is whatever the visitor sends; one that cannot be read is none.
    return undefined
  }
}

function jsonIn(text: unknown): unknown {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    // compat: SDKs give a payload that is no JSON as it is.
    return text
  }
}

/** JSON that may stand inside a script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>\u2028\u2029]/g, (unsafe) => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
