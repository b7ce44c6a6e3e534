export * from './batch-store.ts';
