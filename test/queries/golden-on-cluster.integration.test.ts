import { afterAll, describe } from 'vitest'
import { goldenKinds } from '../../packages/platform/src/query/golden/golden-case.fixture.ts'
import { playGolden } from '../../packages/platform/src/query/golden/play.fixture.ts'
import { startTestCluster, type TestCluster, testClusterMissing } from '../../packages/stores/src/cluster-harness/start-cluster.ts'

const missing = testClusterMissing()
if (missing) console.warn(`The golden cases are not played on a cluster. ${missing}`)

describe.skipIf(missing)(`all golden cases on a cluster of two ClickHouse nodes${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cluster: TestCluster | undefined
  afterAll(() => cluster?.close())
  playGolden('on a cluster', goldenKinds, async () => {
    cluster = await startTestCluster()
    const { url, cluster: name, nodeUrls } = cluster.storeOptions('golden')
    return { clickhouseUrl: url, clickhouseCluster: name, clickhouseNodeUrls: nodeUrls }
  })
})
