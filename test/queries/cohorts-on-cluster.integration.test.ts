import { afterAll, describe } from 'vitest'
import { playBehavior } from '../../packages/platform/src/cohorts/play-behavior.fixture.ts'
import { startTestCluster, type TestCluster, testClusterMissing } from '../../packages/stores/src/cluster-harness/start-cluster.ts'

const missing = testClusterMissing()
if (missing) console.warn(`Cohorts are not played on a cluster. ${missing}`)

describe.skipIf(missing)(`behavioural cohorts on a cluster of two ClickHouse nodes${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cluster: TestCluster | undefined
  afterAll(() => cluster?.close())
  playBehavior('on a cluster', async () => {
    cluster = await startTestCluster()
    const { url, cluster: name, nodeUrls } = cluster.storeOptions('cohorts')
    return { clickhouseUrl: url, clickhouseCluster: name, clickhouseNodeUrls: nodeUrls }
  })
})
