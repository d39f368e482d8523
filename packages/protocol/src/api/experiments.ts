import { z } from 'zod'

/** `POST /experiments/calculate/`: one calculation by name; what each takes is told in docs/guide/experiments.md. */
export const calculationRequest = z.object({ kind: z.string().min(1), input: z.unknown() })
