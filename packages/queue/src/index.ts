export * from './fair-numbers.ts';
export * from './oldest-entry.ts';
export * from './queue-consumer.ts';
export * from './queue-producer.ts';
export * from './queue-views.ts';
export * from './webhook-turns.ts';
