export * from './run-worker.ts';
