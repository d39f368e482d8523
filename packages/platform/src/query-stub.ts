export interface QueryEngine {
  run(o: any): Promise<{ results: unknown[] }>
}
export const createQueryEngine = (_: unknown): QueryEngine => ({ run: async () => ({ results: [] }) })
