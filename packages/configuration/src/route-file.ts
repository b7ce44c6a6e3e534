import { z } from 'zod';
import {
  boolean,
  duration,
  members,
  numericText,
  positiveInteger,
  setting,
  span,
  text,
  timeout,
} from './file-values.ts';
import { providerRule } from './provider-rule-file.ts';
import { verdictFile } from './verdict-file.ts';

const targetMembers = {
  provider: text.meta({ description: 'Name of a configured provider.' }),
  model: setting(
    text,
    "What to call there: a name of ours, or the provider's own. The name that was asked for where absent.",
  ),
  timeout: setting(timeout, "The provider's `timeout`, for this target alone."),
  maxQueueWait: setting(
    duration,
    'How long a job may stand in the queue here before it goes on to the next target; as long as it takes where absent. Lines of batches always stand as long as it takes.',
  ),
  contextWindow: setting(
    positiveInteger,
    'Tokens that the model takes. A job that was too long for another target is only sent to targets that say a larger one.',
  ),
};

const arm = members({
  ...targetMembers,
  weight: z
    .preprocess(numericText, z.number().gt(0, { error: 'must be greater than 0' }))
    .meta({ description: 'Share of the jobs, against the weights of the other arms.' }),
  fallback: setting(
    boolean,
    'Whether a job that drew another arm may come here when that one fails.',
    false,
  ),
});

const split = members({
  split: z
    .array(arm)
    .min(1, { error: 'is empty; name at least one arm' })
    .meta({ description: 'Targets of which each job draws one.' }),
});

/** Whom the jobs of a name visit, in which order. */
export const routeFile = members({
  targets: z
    .array(z.union([members(targetMembers), split]))
    .min(1, { error: 'is empty; name at least one target' })
    .meta({ description: 'Whom a job visits, in this order.' }),
  splitBy: setting(
    z.string().regex(/^(job|user|metadata\..+)$/, {
      error: 'expected job, user or metadata.<key>',
    }),
    'What draws an arm: every `job` for itself, or the `user` or a pair of metadata (`metadata.<key>`), so that the same value draws the same arm.',
    'job',
  ),
  maxCalls: setting(
    positiveInteger,
    'Calls that one job may take, over all targets; `defaults.maxCalls` where absent.',
  ),
  expiresIn: setting(span, 'Life of a job that does not say; `defaults.expiresIn` where absent.'),
  onRefusal: setting(
    z.enum(['accept', 'next']),
    "What a model's refusal is: an answer, or a reason to ask the next target.",
    'accept',
  ),
  onLoss: setting(
    z.enum(['drop', 'skip', 'refuse']),
    'What becomes of a target that cannot carry a request whole: it is called with a warning, passed over, or the submit is refused.',
    'drop',
  ),
  verdicts: setting(
    z.array(verdictFile),
    "What answers mean on this route, before the provider's rows. An attempt names the first of these `operator.route.1`.",
  ),
  providers: providerRule('Where jobs of this route may go, whatever the targets and the job say.'),
});

export type RouteFile = z.infer<typeof routeFile>;
export type TargetFile = RouteFile['targets'][number];
