import { credentialHeaderSchema, dialectSchema } from '@understudy/contracts';
import { z } from 'zod';
import {
  baseUrl,
  boolean,
  members,
  positiveInteger,
  positiveNumber,
  section,
  setting,
  text,
  timeout,
} from './file-values.ts';
import type { KindManifest } from './kind-manifest.ts';
import { suggestName } from './suggest-name.ts';
import { verdictFile } from './verdict-file.ts';
import { isMapping } from './yaml-tree.ts';

const commonMembers = {
  baseUrl: setting(
    baseUrl,
    "Where the API is, as the vendor's own SDK takes it: a proxy, or a server of your own. The vendor's own where absent.",
  ),
  baseUrls: setting(
    z.partialRecord(dialectSchema, baseUrl, {
      error: (issue: z.core.$ZodRawIssue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys
              .map((key) => `unknown dialect; ${suggestName(key, dialectSchema.options)}`)
              .join('\n')
          : undefined,
    }),
    'The same for single dialects, each up to what the dialect itself appends.',
  ),
  models: setting(
    z.record(text, text, {
      error: ({ code }) =>
        code === 'invalid_type'
          ? "expected names, each with the provider's name for it: { acme-large: acme-large-v3 }"
          : undefined,
    }),
    "Names that are asked for, each with the provider's name for it. They go before the worker's own table.",
  ),
  passthrough: setting(
    boolean,
    "Sends a name as it is that neither `models` nor the worker's own table holds. An automatic route leads here for such a name only where no other provider holds it either, or none that does may see the job; a route of your own leads wherever it says.",
    false,
  ),
  sendTraceparent: setting(
    boolean,
    "Tells the provider of the job's trace by the header `traceparent`; not where absent.",
  ),
  concurrency: setting(
    positiveInteger,
    'Calls at a time, over all replicas of its worker together.',
    16,
  ),
  limits: section('What the provider allows the account.', {
    requestsPerMinute: setting(
      positiveNumber,
      'Calls in a minute, over all replicas of its worker together; as many as come where absent.',
    ),
  }),
  timeout: setting(
    timeout,
    'From the start of a call to the end of its answer. 10 minutes where absent or, where a call to Claude is streamed for its length, as long as its token limit is reckoned to take, at 128 000 tokens an hour.',
  ),
  connectTimeout: setting(timeout, 'Until a connection of a call is open.', '10s'),
  verdicts: setting(
    z.array(verdictFile),
    'What answers of this provider mean, before the table that all providers share and its own. An attempt names the first of these rows `operator.provider.1`.',
  ),
};

/** An account at a vendor. Which further members it takes, and what they are, say the kinds. */
export function providerFile(kinds: readonly KindManifest[]) {
  const kindNames = kinds.map((manifest) => manifest.kind);
  const fields = new Set(kinds.flatMap((manifest) => Object.keys(manifest.fields)));
  const shape = {
    kind: z
      .enum(kindNames, {
        error: ({ input }) =>
          typeof input === 'string'
            ? `no kind named "${input}"; ${suggestName(input, kindNames)}`
            : `is missing; give one of ${kindNames.join(', ')}`,
      })
      .meta({ description: 'Whose API it is, and so which worker service calls it.' }),
    ...Object.fromEntries(
      [...fields]
        .toSorted()
        .map((field) => [field, setting(fieldValue(field, kinds), describeField(field, kinds))]),
    ),
    ...commonMembers,
  };
  return members(shape, (provider) => {
    const manifest = kinds.find(({ kind }) => isMapping(provider) && provider['kind'] === kind);
    return manifest && ['kind', ...Object.keys(manifest.fields), ...Object.keys(commonMembers)];
  });
}

/** A text, the name of a header, or a list of what the kinds that take it know. */
function fieldValue(field: string, kinds: readonly KindManifest[]): z.ZodType {
  const known = [...new Set(kinds.flatMap(({ lists }) => lists?.[field] ?? []))];
  if (kinds.some(({ headers }) => headers?.includes(field))) return credentialHeaderSchema;
  if (known.length === 0) return text;
  const item = z.enum(known, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is unknown; ${suggestName(String(input), known)}`,
  });
  return z.array(item).min(1, { error: `is empty; name at least one of ${known.join(', ')}` });
}

/** What each kind says of a field; kinds that say the same say it once. */
function describeField(field: string, kinds: readonly KindManifest[]): string {
  const told = kinds.flatMap(({ kind, fields }) => {
    const description = fields[field];
    return description === undefined ? [] : [{ kind, description }];
  });
  return [...Map.groupBy(told, ({ description }) => description)]
    .map(([description, of]) => `${of.map(({ kind }) => kind).join(', ')}: ${description}`)
    .join(' ');
}

export type ProviderFile = z.infer<ReturnType<typeof providerFile>>;
