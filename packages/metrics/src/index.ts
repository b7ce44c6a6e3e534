export * from './measuring.ts';
export * from './metrics.ts';
export * from './metrics-token.ts';
export * from './missing-redis.ts';
export * from './model-labels.ts';
export * from './open-monitoring.ts';
export * from './watch-system.ts';
