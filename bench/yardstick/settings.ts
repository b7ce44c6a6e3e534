/** What both processes of the yardstick must agree on. */
export const QUEUE_NAME = 'yardstick';
export const DONE_CHANNEL = 'yardstick:done';
export const PRIORITY_BY_NAME = { high: 2, normal: 5, low: 8 } as const;
export const RESULT_TTL_SECONDS = 7 * 24 * 3600;

export function recordKey(id: string): string {
  return `yardstick:job:${id}`;
}

/** @throws Error naming the variable that is missing */
export function environmentVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`set ${name} in the environment`);
  return value;
}
