import { headerNameSchema, verdictSchema } from '@understudy/contracts';
import { z } from 'zod';
import { members, setting, span, text } from './file-values.ts';

const oneOrMore = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item).min(1)]);

/** A row of the operator's own, which goes before the table of verdicts. */
export const verdictFile = members({
  status: setting(oneOrMore(z.int().min(100).max(599)), 'HTTP status of the answer.'),
  type: setting(
    oneOrMore(text),
    "The error's type, as the provider writes it: what stands in `type`, `code`, `error_code`, `status`, `reason`, `quotaId` or `__type` of the answer, its `error`, or what that wraps. `*` at an end stands for any text.",
  ),
  code: setting(
    oneOrMore(text),
    "The error's code, as the provider writes it; looked up in the same members.",
  ),
  message: setting(
    oneOrMore(text),
    "A fragment of the error's message: of `message`, `msg`, `error_message`, `detail` or `raw` there, or an `error` that is a text. Of the whole answer where it is plain text, or JSON that has none of these.",
  ),
  verdict: verdictSchema.meta({
    description:
      'Where the job goes: to the `next` target, to the next and never back here (`next_for_good`), or nowhere (`terminal`).',
  }),
  cooldown: setting(
    z.enum(['model', 'provider', 'none']),
    'What gets no calls for a while: the model here, the whole provider, or nothing.',
    'none',
  ),
  delay: setting(
    span,
    'How long it gets none where the answer states no delay, at most `defaults.maxCooldown`, and longer once calls fail again and again. Where absent, drawn below a ceiling that doubles from 2 s.',
  ),
  delayHeader: setting(
    headerNameSchema,
    "The vendor's own header that states the delay: seconds, a duration such as `6m0s`, or an HTTP date. Where the answer lacks it, `Retry-After` and what else vendors are known to use count.",
  ),
})
  .refine(
    (row) => [row.status, row.type, row.code, row.message].some((value) => value !== undefined),
    {
      error: 'has no condition; give at least one of status, type, code, message',
    },
  )
  .refine(
    ({ cooldown = 'none', delay, delayHeader }) =>
      cooldown !== 'none' || (delay === undefined && delayHeader === undefined),
    { error: 'says how long something cools, and not what; give cooldown: model or provider' },
  );

export type VerdictFile = z.infer<typeof verdictFile>;
