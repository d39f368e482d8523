/**
 * Every error code that the API answers, with its HTTP status and what it means.
 * `docs/reference/errors.md` is checked against this table.
 */
export const errorCodes = {
  invalid_input: {
    status: 400,
    type: 'validation_error',
    help: 'A field has the wrong type or a value that is not allowed; `attr` names the field.',
  },
  required: { status: 400, type: 'validation_error', help: 'A required field is missing; `attr` names it.' },
  malformed_json: { status: 400, type: 'validation_error', help: 'The body is not JSON.' },
  not_computable: {
    status: 400,
    type: 'validation_error',
    help: 'A statistic has no value for this input; the detail begins with the reason.',
  },
  invalid_timezone: { status: 400, type: 'validation_error', help: 'Not a name of the IANA time zone database.' },
  invalid_regex: { status: 400, type: 'validation_error', help: 'A regular expression that RE2 does not accept.' },
  cannot_change: {
    status: 400,
    type: 'validation_error',
    help: 'The change asks for nothing that can be done, for instance to split a person that has a single distinct id.',
  },
  needs_a_positive_criterion: {
    status: 400,
    type: 'validation_error',
    help: 'A cohort has no criteria, or only negated ones: it needs one that somebody meets.',
  },
  recent_window_longer_than_total_window: {
    status: 400,
    type: 'validation_error',
    help: 'Of a cohort’s "stopped" or "restarted" the recent window is not shorter than the whole one.',
  },
  cohort_cycle: { status: 400, type: 'validation_error', help: 'A cohort would contain itself; the detail names the chain.' },
  weak_password: { status: 400, type: 'validation_error', help: 'The password is too short or too long.' },
  password_link_expired: {
    status: 400,
    type: 'validation_error',
    help: 'The link to choose a new password was used, replaced by a later one, or is too old: whoever made it makes another.',
  },
  invalid_query: { status: 400, type: 'validation_error', help: 'The query cannot be understood; the detail names the place.' },
  not_authenticated: { status: 401, type: 'authentication_error', help: 'No session and no personal API key came with the request.' },
  invalid_api_key: { status: 401, type: 'authentication_error', help: 'The personal API key is unknown or was revoked.' },
  invalid_credentials: { status: 401, type: 'authentication_error', help: 'E-mail address and password do not belong together.' },
  session_expired: { status: 401, type: 'authentication_error', help: 'The session has ended or was revoked: sign in again.' },
  missing_scope: {
    status: 403,
    type: 'authentication_error',
    help: 'The personal API key lacks the scope that the route needs; the detail names it.',
  },
  session_required: { status: 403, type: 'authentication_error', help: 'Only a signed-in session may do this, no API key.' },
  csrf_failed: {
    status: 403,
    type: 'authentication_error',
    help: 'A request that changes something came from another site: its Origin is not this server.',
  },
  permission_denied: { status: 403, type: 'authentication_error', help: 'The account may not do this.' },
  not_found: { status: 404, type: 'invalid_request', help: 'There is no such path, project or object, or the account cannot see it.' },
  method_not_allowed: { status: 405, type: 'invalid_request', help: 'The path exists, but not with this method.' },
  already_set_up: { status: 409, type: 'invalid_request', help: 'The first account exists already.' },
  flag_key_taken: { status: 400, type: 'validation_error', help: 'Another feature flag of the project has this key.' },
  version_conflict: {
    status: 409,
    type: 'validation_error',
    help: 'Somebody else changed the same thing since it was read; the detail names the fields.',
  },
  conflict: { status: 409, type: 'validation_error', help: 'Something else already has this name or value.' },
  body_too_large: { status: 413, type: 'invalid_request', help: 'The body is larger than the limit that the detail names.' },
  too_many_attempts: { status: 429, type: 'throttled_error', help: 'Too many attempts to sign in; `Retry-After` says when to try again.' },
  too_many_listeners: { status: 429, type: 'throttled_error', help: 'More streams of live events are open than the limit allows.' },
  too_many_queries: {
    status: 429,
    type: 'throttled_error',
    help: 'More queries run or wait than the limits of a project or an account allow; try again after `Retry-After`.',
  },
  export_too_large: { status: 400, type: 'validation_error', help: 'The result has more rows than an export may have.' },
  query_timeout: { status: 408, type: 'server_error', help: 'The query took longer than its time limit.' },
  query_cancelled: { status: 409, type: 'invalid_request', help: 'The query was cancelled.' },
  query_too_large: {
    status: 400,
    type: 'validation_error',
    help: 'The query needs more memory, or answers more rows, than its limits allow.',
  },
  internal_error: { status: 500, type: 'server_error', help: 'A fault of the server; its log holds the details under the request id.' },
  stopping: { status: 503, type: 'server_error', help: 'The server is being stopped.' },
  store_unavailable: { status: 503, type: 'server_error', help: 'A store does not answer; try again after `Retry-After`.' },
} as const satisfies Record<string, { status: number; type: ErrorType; help: string }>

export type ErrorType = 'validation_error' | 'authentication_error' | 'invalid_request' | 'throttled_error' | 'server_error'
export type ErrorCode = keyof typeof errorCodes

/** The body of every answer that is not a success. */
export interface ErrorBody {
  type: ErrorType
  code: ErrorCode
  /** For people: names the value and what would be right. */
  detail: string
  /** The field or parameter that is wrong, where one is. */
  attr: string | null
}
