export * from './caller.ts';
export * from './check-terms.ts';
export * from './create-limits.ts';
export * from './limit-counters.ts';
export * from './project-limits.ts';
export * from './quota-exceeded.ts';
export * from './relay-use.ts';
