import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRules } from './default-rules.ts';
import { judge, type VerdictTables } from './judge.ts';
import type { CallFault, FailedCall, VerdictRule } from './verdict-rule.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

function rule(id: string, when: VerdictRule['when']): VerdictRule {
  return { id, when, verdict: 'next' };
}

function decide(call: Partial<FailedCall>, tables: Partial<VerdictTables> = {}) {
  const full = { headers: {}, body: '', ...call };
  return judge(full, { operator: [], provider: [], ...tables }, NOW);
}

const UNKNOWN_KEY = { status: 401, body: '{"error":{"code":"invalid_api_key","message":"No."}}' };

test('a code counts before a message, a message before a status, whosever the rows are', () => {
  const provider = [
    rule('kind.status', { status: [401] }),
    rule('kind.message', { message: ['no.'] }),
  ];
  expect(decide(UNKNOWN_KEY, { provider }).rule.id).toBe('default.code_invalid_key');
  const other = { ...UNKNOWN_KEY, body: '{"error":{"code":"other","message":"No."}}' };
  expect(decide(other, { provider }).rule.id).toBe('kind.message');
  expect(decide({ status: 401 }, { provider }).rule.id).toBe('kind.status');
});

test('a kind’s row counts before a default one of the same strength', () => {
  const provider = [rule('kind.key', { code: ['invalid_api_key'] })];
  expect(decide(UNKNOWN_KEY, { provider }).rule.id).toBe('kind.key');
});

test('an operator’s row wins outright, the route’s before the provider’s', () => {
  const operator = [rule('operator.1', { status: [401] }), rule('operator.2', {})];
  const route = [rule('operator.route', { statusRange: [400, 499] })];
  expect(decide(UNKNOWN_KEY, { operator }).rule.id).toBe('operator.1');
  expect(decide(UNKNOWN_KEY, { operator, route }).rule.id).toBe('operator.route');
  expect(decide({ status: 500 }, { operator, route }).rule.id).toBe('operator.2');
});

test.each([
  ['invalid_api_key', true],
  ['INVALID_API_KEY', true],
  ['invalid_*', true],
  ['*_key', true],
  ['*api*', true],
  ['*', true],
  ['api_key', false],
  ['*_keys', false],
  ['', false],
])('the code pattern %o fits invalid_api_key: %s', (pattern, isFit) => {
  const operator = [rule('operator.1', { code: [pattern] })];
  expect(decide(UNKNOWN_KEY, { operator }).rule.id === 'operator.1').toBe(isFit);
});

test('all conditions of a row must hold', () => {
  const when = {
    status: [400],
    message: ['isn\u2019t supported'],
    retryAfter: true,
    translated: true,
  };
  const operator = [rule('operator.1', when)];
  const call = {
    status: 400,
    headers: { 'retry-after': '1' },
    body: "On-demand throughput isn't supported.",
    translated: true,
  };
  expect(decide(call, { operator }).rule.id).toBe('operator.1');
  const broken: Partial<FailedCall>[] = [
    { status: 401 },
    { body: 'No.' },
    { headers: {} },
    { translated: false },
  ];
  for (const change of broken) {
    expect(decide({ ...call, ...change }, { operator }).rule.id).not.toBe('operator.1');
  }
});

test('a row for untranslated bodies or for answers without a delay can be written', () => {
  const operator = [rule('operator.1', { translated: false, retryAfter: false })];
  expect(decide({ status: 400 }, { operator }).rule.id).toBe('operator.1');
  expect(decide({ status: 400, translated: true }, { operator }).rule.id).not.toBe('operator.1');
});

const ODD = '{"trouble":{"text":"no engine; insufficient credits"}}';

test('an operator’s row may name what an error says where nobody expects it', () => {
  const rows = [rule('operator.1', { status: [400], message: ['No engine'] })];
  const odd = { status: 400, body: ODD };
  for (const tables of [{ operator: rows }, { route: rows }]) {
    expect(decide(odd, tables)).toMatchObject({
      rule: { id: 'operator.1' },
      error: { message: ODD },
    });
  }
  const named = { status: 400, body: '{"code":17,"trouble":"no engine"}' };
  expect(decide(named, { operator: rows })).toMatchObject({
    rule: { id: 'operator.1' },
    error: { code: '17' },
  });
});

test('a row may name the header that states the delay, which goes before those that all use', () => {
  const operator = [{ ...rule('operator.1', { status: [429] }), delayHeader: 'x-wait' }];
  const told = (headers: Record<string, string>): number | undefined =>
    decide({ status: 429, headers: { 'retry-after': '60', ...headers } }, { operator })
      .retryAfterMs;
  expect(told({ 'x-wait': '7' })).toBe(7000);
  expect(told({ 'x-wait': 'soon' })).toBe(60_000);
  expect(told({})).toBe(60_000);
});

test('the tables’ own rows do not look there, as what is echoed may say anything', () => {
  expect(decide({ status: 400, body: ODD }).rule.id).toBe('default.status_400');
});

test('the error is reported whole, so that a key in it can still be found', () => {
  const message = `${'x'.repeat(2030)} key-of-a-1234567890`;
  const error = { type: 'auth_error', code: 'bad_key', message };
  expect(decide({ status: 401, body: JSON.stringify({ error }) }).error).toEqual(error);
});

test.each([
  ['invalid_answer', '{"choices":[{"message":{"content":"Insufficient credits"}}]}'],
  ['truncated_answer', '{"choices":[{"message":{"content":"Insufficient credits'],
  ['invalid_answer', '{"error":null,"output":[{"text":"Insufficient credits"}]}'],
] as const)('part of a completion behind %s is neither matched nor reported', (fault, body) => {
  const operator = [rule('operator.1', { message: ['insufficient credits'] })];
  const judgement = decide({ status: 200, fault, body }, { operator });
  expect(judgement.rule.id).toBe(`default.fault_${fault}`);
  expect(judgement.error).toEqual({});
});

test('account trouble is never the job’s fault, and a lost model never cools', () => {
  const alerting = defaultRules.filter(({ cooldown }) => cooldown?.alert);
  expect(alerting.length).toBeGreaterThan(5);
  expect(alerting.every(({ verdict }) => verdict === 'next')).toBe(true);
  const forGood = defaultRules.filter(({ verdict }) => verdict === 'next_for_good');
  expect(forGood.length).toBeGreaterThan(5);
  expect(forGood.every(({ cooldown }) => cooldown === undefined)).toBe(true);
});

test('a verdict is found for every call, whatever it looks like', () => {
  const faults: CallFault[] = ['connect', 'timeout', 'invalid_answer', 'not_sent'];
  const call = fc.record(
    {
      status: fc.integer({ min: 100, max: 999 }),
      fault: fc.constantFrom(...faults),
      translated: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const headers = fc.dictionary(
    fc.constantFrom(
      'retry-after',
      'retry-after-ms',
      'x-amzn-errortype',
      'anthropic-ratelimit-tokens-reset',
    ),
    fc.string(),
  );
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `{"error":${json}}`),
  );
  fc.assert(
    fc.property(call, headers, body, (partial, drawnHeaders, drawnBody) => {
      const judgement = decide({ ...partial, headers: drawnHeaders, body: drawnBody });
      expect(defaultRules).toContain(judgement.rule);
      expect(judgement.verdict).toBe(judgement.rule.verdict);
      expect(judgement.retryAfterMs ?? 0).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});
