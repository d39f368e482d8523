import type { EarlyAccessFeatureBody, EarlyAccessFeatureChange, NewEarlyAccessFeature, Page } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { reachQuery } from './flags.ts'
import { queryString, request } from './http.ts'

const path = (projectId: number) => `/api/projects/${projectId}/early_access_feature/`
const featurePath = (projectId: number, id: string) => `${path(projectId)}${encodeURIComponent(id)}/`

export const earlyAccessFeaturesQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'early-access'],
    queryFn: ({ signal }) => request<Page<EarlyAccessFeatureBody>>(`${path(projectId)}${queryString({ limit: 500 })}`, { signal }),
  })

export const earlyAccessFeatureQuery = (projectId: number, id: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'early-access', id],
    queryFn: ({ signal }) => request<EarlyAccessFeatureBody>(featurePath(projectId, id), { signal }),
  })

export const createEarlyAccessFeature = (projectId: number, body: NewEarlyAccessFeature) =>
  request<EarlyAccessFeatureBody>(path(projectId), { method: 'POST', body })

export const changeEarlyAccessFeature = (projectId: number, id: string, body: EarlyAccessFeatureChange) =>
  request<EarlyAccessFeatureBody>(featurePath(projectId, id), { method: 'PATCH', body })

export const deleteEarlyAccessFeature = (projectId: number, id: string) =>
  request<undefined>(featurePath(projectId, id), { method: 'DELETE' })

/** How many people have opted in to a flag's feature, or out of it. */
export const enrolledQuery = (projectId: number, flagKey: string, isIn: boolean) =>
  reachQuery(
    projectId,
    { properties: [{ key: `$feature_enrollment/${flagKey}`, type: 'person', operator: 'exact', value: [String(isIn)] }] },
    null,
  )
