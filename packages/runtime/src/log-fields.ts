/**
 * Everything that a log line may hold beside its text. A new field is a decision: it is of the
 * broker's own making or out of its configuration, never a caller's or a provider's words.
 */
export const LOG_FIELDS = [
  'attempt',
  'batch',
  'code',
  'decryptsWith',
  'delivery',
  'dropped',
  'durationMs',
  'encryptsWith',
  'endpoint',
  'file',
  'from',
  'interrupted',
  'job',
  'jobs',
  'key',
  'memory',
  'method',
  'model',
  'outcome',
  'path',
  'problems',
  'project',
  'provider',
  'providers',
  'queue',
  'reason',
  'redis',
  'requestId',
  'route',
  'rule',
  'settled',
  'signal',
  'status',
  'trace_id',
  'until',
  'url',
] as const;

type LogValue =
  | string
  | number
  | boolean
  | undefined
  | readonly string[]
  | Readonly<Record<string, number>>;

/** `err` is told as `describeError` tells it, `reason` is the text of an error. */
export type LogFields = { readonly [Field in (typeof LOG_FIELDS)[number]]?: LogValue } & {
  readonly err?: unknown;
};

const KNOWN: ReadonlySet<string> = new Set<string>([...LOG_FIELDS, 'err']);

const LONGEST_TEXT = 500;

/** The known fields; of every other one its name. Whatever is no plain value is no field either. */
export function allowedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const allowed: Record<string, unknown> = {};
  const withheld: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const known = KNOWN.has(name) && (name === 'err' || isLogValue(value));
    if (known) allowed[name] = typeof value === 'string' ? cut(value) : value;
    else withheld.push(cut(name));
  }
  return withheld.length === 0 ? allowed : { ...allowed, withheld };
}

function isLogValue(value: unknown): boolean {
  if (value === undefined || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string');
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((item) => typeof item === 'number')
  );
}

function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}
