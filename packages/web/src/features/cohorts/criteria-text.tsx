import type { CohortCriteria } from '@hedgerow/protocol'
import { useActionNames } from '../../api-client/use-action-names.ts'
import { useCohortNames } from '../../api-client/use-cohort-names.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import { criteriaWords, namedBy } from './criteria.ts'

/** Criteria in a sentence, with the names of cohorts and actions in it. */
export function CriteriaText({ criteria }: { criteria: CohortCriteria }) {
  const named = namedBy(criteria)
  const cohort = useCohortNames(named.cohorts)
  const action = useActionNames(named.actions)
  return <Untrusted>{criteriaWords(criteria, { cohort, action })}</Untrusted>
}
