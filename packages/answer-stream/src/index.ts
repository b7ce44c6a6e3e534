export * from './responses/response-events.ts';
export * from './stream-answer.ts';
export * from './stream-error.ts';
