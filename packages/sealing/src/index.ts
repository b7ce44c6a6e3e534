export * from './encryption-keys.ts';
export * from './seal-errors.ts';
export * from './sealed-members.ts';
export * from './sealer.ts';
