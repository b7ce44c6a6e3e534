// What `readJson` and `scanShape` ask for.
export type { JsonLimits } from '@understudy/configuration';
export * from './callback-schema.ts';
export * from './check-callback.ts';
export * from './check-losses.ts';
export * from './check-submission.ts';
export * from './check-webhook-url.ts';
export * from './given-duration.ts';
export * from './job-id.ts';
export * from './new-job-request.ts';
export * from './random-hex.ts';
export * from './read-json.ts';
export * from './scan-shape.ts';
export * from './submission.ts';
export * from './vendor-state.ts';
export * from './uncopied-object.ts';
