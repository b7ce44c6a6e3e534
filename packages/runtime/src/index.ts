export * from './clock.ts';
export * from './environment.ts';
export * from './logger.ts';
export * from './redis-connection.ts';
export * from './run-service.ts';
export * from './repeat.ts';
export * from './redis-script.ts';
export * from './redis-replies.ts';
