/**
 * What is built into the demo's events, so that an analysis of them can be checked against what is known
 * to be there. All rates are probabilities per person; days count from the first of the demo's days.
 */

/** Test accounts have e-mail addresses of this domain; they are in no rate below. */
export const testAccountDomain = 'hedgerow.example'

/** Exposure by `$feature_flag_called`, for owners of a new workspace, right after `signed_up`. */
export const onboardingExperiment = {
  flagKey: 'onboarding-checklist',
  variants: ['control', 'test'],
  /** Nobody is exposed earlier; until then everyone is onboarded like control. */
  firstDay: 20,
  activationEvent: 'onboarding_completed',
  activationRate: { control: 0.36, test: 0.48 },
  /** Whoever is activated at all is activated within this time of the exposure. */
  activationWithinDays: 4,
} as const

/** Exposure by `$experiment_started`, for owners, when they first look at the plans signed in. */
export const pricingExperiment = {
  name: 'pricing-page',
  variants: ['control', 'annual-first', 'usage-based'],
  subscriptionEvent: 'subscription_started',
  subscriptionRate: { control: 0.14, 'annual-first': 0.26, 'usage-based': 0.14 },
  /** Whoever subscribes because of it does so within this time of the exposure. */
  subscriptionWithinDays: 14,
} as const

export type OnboardingVariant = (typeof onboardingExperiment.variants)[number]
export type PricingVariant = (typeof pricingExperiment.variants)[number]

/** In their order; `onboarding_completed` follows the last. */
export const onboardingSteps = ['create_workspace', 'choose_template', 'invite_teammates', 'create_first_item'] as const

/** Of the owners who are not activated: where they give up, by the step that they do not complete. */
export const onboardingLoss = { create_workspace: 0.1, choose_template: 0.14, invite_teammates: 0.64, create_first_item: 0.12 } as const

/** For each month that a subscription has run. */
export const subscriptionChange = { cancelled: 0.07, upgraded: 0.1, downgraded: 0.04 } as const

/** Per seat and month, in US dollars. */
export const planPrices = { free: 0, starter: 12, team: 24, business: 48 } as const
export type Plan = keyof typeof planPrices
