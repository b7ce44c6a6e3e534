export * from './call-outbound.ts';
export * from './caller-url.ts';
export * from './fetch-image.ts';
export * from './guarded-dispatcher.ts';
export * from './image-type.ts';
export * from './outbound-policy.ts';
export * from './outbound-refusal.ts';
export * from './post-outbound.ts';
