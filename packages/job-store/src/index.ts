export * from './create-job-store.ts';
export * from './job-keys.ts';
export * from './job-store.ts';
export * from './job-changes.ts';
export * from './job-index.ts';
export * from './job-outbox.ts';
