export * from './batch-keys.ts';
export * from './batch-run.ts';
export * from './batch-store.ts';
export * from './create-batch-runs.ts';
export * from './create-batch-store.ts';
export * from './ended-line.ts';
export * from './parse-batch.ts';
