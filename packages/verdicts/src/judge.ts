import { isObject } from '@understudy/contracts';
import { defaultRules } from './default-rules.ts';
import { parseProviderError, type ParsedProviderError } from './provider-error.ts';
import { parseJson } from './read-text.ts';
import { headerDelayMs, retryAfterMs } from './retry-after.ts';
import { matches, type Evidence } from './rule-match.ts';
import type { FailedCall, Judgement, VerdictRule } from './verdict-rule.ts';

/** The rows that hold beside the default ones. */
export interface VerdictTables {
  /** The operator's rows of the job's route. */
  route?: readonly VerdictRule[];
  /** The operator's rows of the provider. */
  operator: readonly VerdictRule[];
  /** The rows of the provider's kind. */
  provider: readonly VerdictRule[];
}

/**
 * What a failed call means for its job and for its target; always finds a rule, never throws.
 *
 * An operator's rows win outright, the route's before the provider's, each list in its order. Then
 * the better evidence wins: rules on the error's code or type, then rules on its message, then
 * rules on status and fault alone; within each, the kind's rows before the default ones.
 * @param now milliseconds since the epoch, to read instants in headers
 */
export function judge(call: FailedCall, tables: VerdictTables, now: number): Judgement {
  const body = call.fault === undefined || reportsError(call.body) ? call.body : '';
  const error = parseProviderError(body, call.headers);
  const knownMs = retryAfterMs(call.headers, body, now, call.status);
  const rule = findRule({ call, error, retryAfter: knownMs !== undefined }, tables);
  const delayMs = headerDelayMs(call.headers[rule.delayHeader ?? ''], now) ?? knownMs;
  return {
    verdict: rule.verdict,
    rule,
    error: reported(error),
    ...(delayMs === undefined ? {} : { retryAfterMs: delayMs }),
  };
}

/**
 * Behind a fault stands as a rule no error, but perhaps part of a completion, which must neither
 * be matched nor reported. An answer of status 200 can still consist of an error.
 */
function reportsError(body: string): boolean {
  const answer = parseJson(body);
  if (!isObject(answer)) return false;
  // Whole Responses say `error: null`.
  const { error } = answer;
  return error !== undefined && error !== null && error !== false && error !== '';
}

function findRule(evidence: Evidence, tables: VerdictTables): VerdictRule {
  const holds = (rule: VerdictRule): boolean => matches(rule, evidence);
  const whole = withUnread(evidence);
  const holdsOfWhole = (rule: VerdictRule): boolean => matches(rule, whole);
  const found =
    tables.route?.find(holdsOfWhole) ??
    tables.operator.find(holdsOfWhole) ??
    byEvidence(tables.provider).find(holds) ??
    defaultRules.at(-1);
  if (found === undefined) throw new Error('the default verdict table is empty');
  return found;
}

/**
 * For rows of an operator, who knows what his provider answers. The fragments of the tables might stand
 * in a prompt that it echoes, and close a provider for what nobody said.
 */
function withUnread(evidence: Evidence): Evidence {
  const { error } = evidence;
  return error.unread === undefined
    ? evidence
    : { ...evidence, error: { ...error, messages: [error.unread] } };
}

/** Of each kind's rows, with the default ones, in the order in which they are asked. */
const sorted = new WeakMap<readonly VerdictRule[], readonly VerdictRule[]>();

function byEvidence(kindRows: readonly VerdictRule[]): readonly VerdictRule[] {
  const known = sorted.get(kindRows);
  if (known !== undefined) return known;
  const rows = [...kindRows, ...defaultRules];
  const inOrder = (['name', 'message', 'status'] as const).flatMap((evidence) =>
    rows.filter((rule) => strength(rule) === evidence),
  );
  sorted.set(kindRows, inOrder);
  return inOrder;
}

function strength({ when }: VerdictRule): 'name' | 'message' | 'status' {
  if (when.code !== undefined || when.type !== undefined) return 'name';
  return when.message === undefined ? 'status' : 'message';
}

function reported({ type, code, message: said, unread }: ParsedProviderError): Judgement['error'] {
  // Where a name tells what it was, nobody is shown JSON in place of words.
  const message = said ?? (type === undefined && code === undefined ? unread : undefined);
  return {
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  };
}
