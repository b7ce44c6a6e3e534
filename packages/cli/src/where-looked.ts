import { UnderstudyError } from '@understudy/client';
import { z } from 'zod';
import { ask } from './ask.ts';
import { ALL_PROJECTS, type Session } from './session.ts';

const ownKeySchema = z.object({ project: z.string(), scopes: z.array(z.string()) });

/** Where a command looked that found nothing. */
export interface Looked {
  /** ` of the project acme`, ` of any project`; empty where nobody can tell. */
  of: string;
  /** Whether it looked in the key's own project alone, and the key may look in others. */
  mayLookFurther: boolean;
}

/**
 * For whoever found nothing: in which project it was looked for. Asks the broker where the command
 * line named none. Never throws, as the command has its answer: what cannot be told is left out.
 */
export async function whereLooked(
  session: Pick<Session, 'access' | 'signal' | 'project'>,
): Promise<Looked> {
  const { project } = session;
  if (project === ALL_PROJECTS) return { of: ' of any project', mayLookFurther: false };
  if (project !== undefined) return { of: ` of the project ${project}`, mayLookFurther: false };
  try {
    const own = ownKeySchema.parse(await ask(session, 'GET', '/v1/key'));
    return { of: ` of the project ${own.project}`, mayLookFurther: own.scopes.includes('admin') };
  } catch {
    return { of: '', mayLookFurther: false };
  }
}

/**
 * Behind a failure: to an operator, that what is not there was looked for in one project only.
 * Empty for everybody and everything else. Never throws.
 */
export async function whereMissed(session: Session, error: unknown): Promise<string> {
  // A model that no route leads to is missing in every project.
  if (!(error instanceof UnderstudyError) || error.code !== 'not_found') return '';
  const { of, mayLookFurther } = await whereLooked(session);
  if (!mayLookFurther) return '';
  return `; only what is${of} was looked at (--project names another; with '*' ls, batch ls and webhooks deliveries tell what is where)`;
}
