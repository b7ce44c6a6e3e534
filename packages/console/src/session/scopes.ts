import type { Who } from './session-store.ts';

/** May prompts and answers be shown to it? */
export function mayReadContent({ scopes }: Who): boolean {
  return scopes.includes('read');
}

export function maySubmit({ scopes }: Who): boolean {
  return scopes.includes('submit');
}

export function isOperator({ scopes }: Who): boolean {
  return scopes.includes('admin');
}

/** Whether lists show jobs of several projects. */
export function seesAllProjects({ acting }: Who): boolean {
  return acting === '*';
}
