export * from './caller-url.ts';
export * from './guarded-dispatcher.ts';
export * from './outbound-policy.ts';
export * from './outbound-refusal.ts';
export * from './post-outbound.ts';
