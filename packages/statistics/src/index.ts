export * from './count-outbox.ts';
export * from './read-statistics.ts';
export * from './request-rate.ts';
export * from './resolution.ts';
export * from './summarize-statistics.ts';
