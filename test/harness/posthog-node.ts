/** For measurements, which are in no package that could depend on it. */
export { PostHog } from 'posthog-node'
