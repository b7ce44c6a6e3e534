import type { LLMock } from '@copilotkit/aimock';
import { expect } from 'vitest';
import type { JobView } from '../support/start-broker.ts';
import { CALLS, MOST_TOKENS, QUESTION, SCHEMA, STOP, SYSTEM, TOOL } from './asked.ts';
import { leavesOf, membersNamed } from './json.ts';
import { understood } from './pretended-model.ts';
import { PROVIDERS, type Target } from './targets.ts';
import { findTicket, type Case } from './tickets.ts';
import type { VendorFront } from './vendor-front.ts';

/** One job that was answered, and the vendors that may have seen it. */
interface Answered {
  vendors: VendorFront;
  aimock: LLMock;
  target: Pick<Target, 'provider'>;
  ticket: string;
  job: JobView;
}

/** Whatever the caller said stands in the one call that the vendor got, or is told as lost. */
export function expectArrival(answered: Answered, asked: Case): void {
  const call = expectOneCall(answered);
  const leaves = leavesOf(call.body);
  expect(leaves).toContain(SYSTEM);
  expect(leaves).toContain(`${QUESTION} ${answered.ticket}`);
  expect(leaves).toContain(MOST_TOKENS);
  switch (asked) {
    case 'plain':
      if (!answered.ticket.includes('responses:')) expectStop(leaves, answered.job);
      return;
    case 'tool-call':
      expect(leaves).toEqual(expect.arrayContaining([TOOL.name, TOOL.description]));
      expectSchema(call.body);
      return;
    case 'multi-turn':
      expectResults(answered);
      return;
    case 'json-schema':
      expectSchema(call.body);
  }
}

/** @returns the call, to the provider, with its credentials and the model that the attempt tells */
function expectOneCall({ vendors, target, ticket, job }: Answered) {
  const [call, ...more] = vendors.callsOf(nameOf(ticket));
  if (call === undefined) throw new Error(`no vendor was called with ${ticket}`);
  expect(more).toEqual([]);
  expect(call.provider).toBe(target.provider);
  const [header, value] = PROVIDERS[target.provider].header;
  expect(call.headers[header]).toMatch(new RegExp(`^${value}`));
  const sent = job.attempts[0]?.['model_sent'];
  expect(decodeURIComponent(call.path) + String(call.body['model'])).toContain(sent);
  return call;
}

function expectStop(leaves: readonly unknown[], job: JobView): void {
  const lost = warnedFields(job).some((field) => /^stop(_sequences)?$/.test(field));
  expect({ lost, carried: leaves.includes(STOP) }).toEqual({ lost, carried: !lost });
}

function expectSchema(body: unknown): void {
  expect(membersNamed('required', body)).toContainEqual(SCHEMA.required);
  const descriptions = Object.values(SCHEMA.properties).map(({ description }) => description);
  expect(leavesOf(body)).toEqual(expect.arrayContaining(descriptions));
}

/** As aimock understands the vendor's dialect, each call has its own result. */
function expectResults({ aimock, ticket }: Answered): void {
  const { messages } = understood(aimock, nameOf(ticket));
  const calls = messages.flatMap((message) => message.tool_calls ?? []);
  expect(calls.map(({ function: { name } }) => name)).toEqual(CALLS.map(() => TOOL.name));
  const inputs = calls.map(({ function: { arguments: written } }): unknown => JSON.parse(written));
  expect(inputs).toEqual(CALLS.map(({ input }) => input));
  const results = calls.map(({ id }) =>
    messages.find((message) => message.role === 'tool' && message.tool_call_id === id),
  );
  for (const [index, { result }] of CALLS.entries()) {
    expect(JSON.stringify(results[index]?.content)).toContain(result);
  }
}

function warnedFields(job: JobView): string[] {
  return warningsOf(job).map(({ field }) => field);
}

/** Of the only attempt. */
export function warningsOf(job: JobView): { field: string; message: string }[] {
  const warnings: unknown = job.attempts[0]?.['warnings'];
  return Array.isArray(warnings) ? warnings : [];
}

function nameOf(ticket: string): string {
  return findTicket(ticket) ?? '';
}
