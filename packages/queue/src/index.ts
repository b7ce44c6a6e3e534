export * from './fair-numbers.ts';
export * from './order-number.ts';
export * from './queue-consumer.ts';
export * from './queue-producer.ts';
export * from './webhook-turns.ts';
