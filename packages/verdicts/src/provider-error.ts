import { isObject, type JsonObject } from '@understudy/contracts';
import { asText, parseJson } from './read-text.ts';

/** What could be read from a provider's error answer, whichever shape the vendor gives it. */
export interface ParsedProviderError {
  /** The vendor's error type, or the status name of Google's APIs. */
  type?: string;
  /** The most specific code the answer names. */
  code?: string;
  message?: string;
  /** Every type, code, status name, reason and quota id in the answer, wrapped errors included. */
  names: readonly string[];
  /** Every message in the answer, wrapped errors included. */
  messages: readonly string[];
  /**
   * The beginning of the whole answer, where it is JSON in which no message was found. It may echo
   * the prompt, as plain text may.
   */
  unread?: string;
  /** The structured objects beside the message: Google's `details[]`, OpenRouter's `metadata`, … */
  details: readonly JsonObject[];
}

interface Findings {
  types: string[];
  /** From the most to the least specific kind of code. */
  codes: { exact: string[]; plain: string[]; status: string[]; number: string[] };
  messages: string[];
  unread?: string;
  details: JsonObject[];
}

/** Errors are wrapped in errors (gateway, provider, model server), but not deeper than this. */
const MAX_DEPTH = 6;
const MAX_ENTRIES = 16;
const MAX_PLAIN_TEXT = 4_000;

/** Members that hold a further error, or more about this one, in the order in which they count. */
const INNER_MEMBERS = [
  'error',
  'innererror',
  'inner_error',
  'details',
  'detail',
  'errors',
  'metadata',
  'violations',
  'external_model_error',
] as const;
const MESSAGE_MEMBERS = ['message', 'Message', 'msg', 'error_message', 'detail', 'raw'] as const;

/**
 * Reads the error shapes of OpenAI, Anthropic, Google, Mistral, vLLM, Ollama, Databricks, AWS,
 * OpenRouter, xAI and FastAPI, one inside the other where a gateway wraps them, and plain text
 * or HTML. Never throws: what cannot be read is left out.
 * @param headers lower-cased; AWS names the error type in one of them
 */
export function parseProviderError(
  body: string,
  headers: Readonly<Record<string, string>> = {},
): ParsedProviderError {
  const findings: Findings = {
    types: [],
    codes: { exact: [], plain: [], status: [], number: [] },
    messages: [],
    details: [],
  };
  // AWS appends a URL to the name: `ValidationException:http://internal.amazon.com/…`
  addText(findings.codes.plain, headers['x-amzn-errortype']?.split(':')[0]);
  readText(body, findings, 0);
  return summarize(findings);
}

function summarize({ types, codes, messages, unread, details }: Findings): ParsedProviderError {
  const rankedCodes = [...codes.exact, ...codes.plain, ...codes.status, ...codes.number];
  const type = types[0] ?? codes.status[0];
  const code = rankedCodes[0];
  const message = messages[0];
  return {
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    names: [...new Set([...rankedCodes, ...types])],
    messages,
    ...(unread === undefined ? {} : { unread }),
    details,
  };
}

function readText(text: string, findings: Findings, depth: number): void {
  const trimmed = text.trim();
  const json = /^[[{"]/.test(trimmed) ? parseJson(trimmed) : eventData(trimmed);
  if (json === undefined || typeof json === 'string') {
    addText(findings.messages, plainText(json ?? trimmed));
    return;
  }
  const messagesBefore = findings.messages.length;
  read(json, findings, depth);
  if (findings.messages.length > messagesBefore) return;
  // JSON where a message belongs is a wrapped error; one that says nothing readable is the message.
  if (depth > 0) addText(findings.messages, trimmed);
  else if (Object.keys(json ?? {}).length > 0) findings.unread = trimmed.slice(0, MAX_PLAIN_TEXT);
}

/** A stream that was refused holds its error in the first `data:` line. */
function eventData(text: string): unknown {
  const data = /^(?:event:.*\r?\n)?data:(.*)/.exec(text)?.[1];
  return data === undefined ? undefined : parseJson(data);
}

function plainText(text: string): string {
  const start = text.slice(0, MAX_PLAIN_TEXT);
  if (!start.startsWith('<')) return start;
  return start
    .replaceAll(/<(script|style)\b[^<]*<\/\1>/gi, ' ')
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function read(value: unknown, findings: Findings, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (const entry of value.slice(0, MAX_ENTRIES)) read(entry, findings, depth + 1);
  } else if (isObject(value)) {
    readObject(value, findings, depth);
  }
}

function readObject(node: JsonObject, findings: Findings, depth: number): void {
  const reports = isObject(node['error']) ? undefined : node;
  if (reports !== undefined) readNames(reports, findings);
  for (const member of MESSAGE_MEMBERS) {
    const value = node[member];
    if (typeof value === 'string') readText(value, findings, depth + 1);
    else if (member === 'message') read(value, findings, depth + 1);
  }
  for (const member of INNER_MEMBERS) {
    const value = node[member];
    if (member === 'error' && typeof value === 'string') readText(value, findings, depth + 1);
    if (member === 'details' || member === 'metadata') addDetails(value, findings);
    read(value, findings, depth + 1);
  }
  if (reports === undefined) readNames(node, findings);
}

/** What stands around an `error` object counts after what the object itself says. */
function readNames(node: JsonObject, { types, codes }: Findings): void {
  // `type: "error"` is the envelope of the Messages dialect, not the name of an error.
  if (node['type'] !== 'error') addText(types, node['type']);
  addText(codes.exact, node['reason']);
  addText(codes.exact, node['quotaId']);
  addText(codes.exact, node['error_code']);
  addText(codes.plain, asText(node['__type'])?.split('#').at(-1));
  if (typeof node['code'] === 'number') addText(codes.number, node['code']);
  else addText(codes.plain, node['code']);
  if (typeof node['status'] === 'string') addText(codes.status, node['status']);
}

function addDetails(value: unknown, findings: Findings): void {
  for (const entry of Array.isArray(value) ? value.slice(0, MAX_ENTRIES) : [value]) {
    if (isObject(entry)) findings.details.push(entry);
  }
}

function addText(list: string[], value: unknown): void {
  const text = asText(value);
  if (text !== undefined) list.push(text);
}
