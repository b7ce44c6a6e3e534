import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judge } from '../judge.ts';
import type { CallFault, Judgement, VerdictRule } from '../verdict-rule.ts';

/** One answer as the vendor sends it, and what it must mean. */
export interface VerdictCase {
  /** What happened, as a fact. */
  title: string;
  /** Which preset's rows apply, where a kind has presets. */
  preset?: string;
  status?: number;
  fault?: CallFault;
  translated?: boolean;
  headers?: Record<string, string>;
  /** JSON, or the text itself where the answer is no JSON object or array. */
  body?: unknown;
  expected: {
    verdict: string;
    rule: string;
    /** `model now`, `provider now alert`, `model counted`, …; absent: nobody is kept away. */
    cooldown?: string;
    retryAfterMs?: number;
    windowExceeded?: true;
    refusal?: true;
    surfaceMissing?: true;
    /** Compared where stated. */
    modelMissing?: boolean;
    /** Compared where stated. */
    type?: string;
    code?: string;
  };
}

/** The instant at which all recorded answers arrive. */
const NOW = Date.parse('2026-11-22T12:00:00Z');

/**
 * Holds a table against recorded answers: each must get its verdict from the named rule, and no
 * row may be dead, misnamed or named twice.
 * @param options.byPreset rows that hold for one preset only, before the common ones
 */
export function describeVerdicts(options: {
  kind: string;
  common: readonly VerdictRule[];
  byPreset?: Readonly<Record<string, readonly VerdictRule[]>>;
  casesUrl: URL;
}): void {
  const { kind, common, byPreset = {} } = options;
  const cases = readCases(options.casesUrl);
  const judgeCase = (recorded: VerdictCase): Judgement => {
    const presetRows = recorded.preset === undefined ? [] : (byPreset[recorded.preset] ?? []);
    return judge(callOf(recorded), { operator: [], provider: [...presetRows, ...common] }, NOW);
  };

  describe(`verdicts of ${kind}`, () => {
    test.each(cases.map((recorded) => [nameOf(recorded), recorded] as const))(
      '%s',
      (_name, recorded) => {
        expect(summary(judgeCase(recorded), recorded)).toEqual(recorded.expected);
      },
    );

    test('every row bears its owner’s name, once', () => {
      const owned = [
        ...common.map((rule) => ({ owner: kind, id: rule.id })),
        ...Object.entries(byPreset).flatMap(([owner, rules]) =>
          rules.map((rule) => ({ owner, id: rule.id })),
        ),
      ];
      expect(owned.filter(({ owner, id }) => !id.startsWith(`${owner}.`))).toEqual([]);
      expect(new Set(owned.map(({ id }) => id)).size).toBe(owned.length);
    });

    test('every row decides at least one recorded answer', () => {
      const decided = new Set(cases.map((recorded) => judgeCase(recorded).rule.id));
      const rows = [...common, ...Object.values(byPreset).flat()];
      expect(rows.map((rule) => rule.id).filter((id) => !decided.has(id))).toEqual([]);
    });
  });
}

function readCases(url: URL): VerdictCase[] {
  return JSON.parse(readFileSync(url, 'utf8'));
}

function nameOf({ preset, status, fault, title }: VerdictCase): string {
  return [preset, fault ?? status, title].filter((part) => part !== undefined).join(' · ');
}

function callOf({ status, fault, translated, headers = {}, body = '' }: VerdictCase) {
  return {
    ...(status === undefined ? {} : { status }),
    ...(fault === undefined ? {} : { fault }),
    ...(translated === undefined ? {} : { translated }),
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function summary(
  { verdict, rule, error, retryAfterMs }: Judgement,
  { expected }: VerdictCase,
): VerdictCase['expected'] {
  const { cooldown, windowExceeded, refusal, surfaceMissing, modelMissing = false } = rule;
  return {
    verdict,
    rule: rule.id,
    ...(cooldown && {
      cooldown: [cooldown.scope, cooldown.when, cooldown.alert && 'alert']
        .filter(Boolean)
        .join(' '),
    }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(windowExceeded && { windowExceeded }),
    ...(refusal && { refusal }),
    ...(surfaceMissing && { surfaceMissing }),
    ...(expected.modelMissing !== undefined && { modelMissing }),
    ...(expected.type !== undefined && error.type !== undefined && { type: error.type }),
    ...(expected.code !== undefined && error.code !== undefined && { code: error.code }),
  };
}
