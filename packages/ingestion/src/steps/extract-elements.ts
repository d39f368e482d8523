import { elementsChainOf } from './elements-chain.ts'
import type { EventStep } from './event-step.ts'

/** Clicked elements go from the properties into a column of their own, as a chain. */
export const extractElements: EventStep = {
  name: 'extract-elements',
  apply(draft) {
    const { properties } = draft
    const { $elements_chain: chain, $elements: elements } = properties
    if (chain === undefined && elements === undefined) return undefined
    if (typeof chain === 'string' && chain !== '') draft.elementsChain = chain
    else if (Array.isArray(elements)) draft.elementsChain = elementsChainOf(elements)
    delete properties.$elements
    delete properties.$elements_chain
    return undefined
  },
}
