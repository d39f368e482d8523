import { createItem } from './app-session.ts'
import { onboardingExperiment, onboardingSteps } from './effects.ts'
import type { Person } from './population.ts'
import type { WebSession } from './web-session.ts'

const titles = {
  create_workspace: 'Name your workspace',
  choose_template: 'Choose a template',
  invite_teammates: 'Invite your team',
  create_first_item: 'Create your first item',
} as const

/** Asking for the flag is what exposes somebody to the experiment. */
export function callOnboardingFlag(session: WebSession, { onboarding }: Person): void {
  session.capture('$feature_flag_called', {
    $feature_flag: onboardingExperiment.flagKey,
    $feature_flag_response: onboarding.variant,
    $feature_flag_id: 1,
    $feature_flag_version: 1,
    $feature_flag_reason: 'Matched condition set 1',
  })
}

/**
 * Goes through the steps from number `from` (counted from 0) on: to the end for somebody who is activated today,
 * part of the way for somebody who comes back for the rest, else up to the step that they never complete.
 * Returns the number of steps completed so far.
 */
export function playOnboarding(session: WebSession, person: Person, day: number, from: number): number {
  const { onboarding, random } = person
  const missed = onboarding.missedStep ? onboardingSteps.indexOf(onboarding.missedStep) : onboardingSteps.length
  const comesBack = onboarding.finishDay !== undefined && onboarding.finishDay > day
  const end = comesBack ? random.integer(1, 2) : missed
  for (let index = from; index < end; index++) completeStep(session, person, index)
  const next = onboardingSteps[end]
  if (next === undefined) {
    session.capture(onboardingExperiment.activationEvent, { steps: onboardingSteps.length, variant: onboarding.variant })
  } else {
    session.open(`/app/welcome/${next}`, titles[next])
    if (next === 'invite_teammates' && random.chance(0.22)) {
      session.click({ tag: 'button', text: 'Skip', classes: ['button', 'button-plain'], event: '$rageclick' })
    }
  }
  return Math.max(from, end)
}

function completeStep(session: WebSession, person: Person, index: number): void {
  const step = onboardingSteps[index]
  if (!step) return
  const { random, company } = person
  session.open(`/app/welcome/${step}`, titles[step])
  session.pass(20_000)
  if (step === 'create_workspace' && company)
    session.capture('workspace_created', { industry: company.industry, employees: company.employees })
  if (step === 'invite_teammates') session.capture('teammate_invited', { count: 1 + random.poisson(1.4), from: 'onboarding' })
  if (step === 'create_first_item') createItem(session, person)
  session.click({ tag: 'button', text: 'Continue', classes: ['button', 'button-primary'] })
  session.capture('onboarding_step_completed', { step, step_number: index + 1 })
}
