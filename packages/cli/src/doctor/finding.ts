/** What one check found, with the remedy where something is not right. */
export interface Finding {
  state: 'ok' | 'warn' | 'fail';
  /** What was looked at. */
  about: string;
  message: string;
}

export const ok = (about: string, message: string): Finding => ({ state: 'ok', about, message });
export const warn = (about: string, message: string): Finding => ({
  state: 'warn',
  about,
  message,
});
export const fail = (about: string, message: string): Finding => ({
  state: 'fail',
  about,
  message,
});

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
