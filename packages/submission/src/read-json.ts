import { isUtf8 } from 'node:buffer';
import { BrokerError } from '@understudy/contracts';
import { jsonErrorPosition } from './json-error-position.ts';

/** What a request's JSON may be made of. */
export interface JsonLimits {
  /** Of objects and arrays within each other. */
  jsonDepth: number;
  /** Members of all its objects together. */
  jsonKeys: number;
  /** Of the longest text, or name of a member. */
  jsonStringCharacters: number;
}

/**
 * Parses a request's JSON. Refuses what is beyond the limits, and the members by which a copy of
 * it could change the prototype of an object.
 * @throws BrokerError naming the place, never the content
 */
export function readJson(bytes: Buffer, limits: JsonLimits): unknown {
  if (!isUtf8(bytes)) throw new BrokerError('invalid_json', 'the body is not UTF-8');
  const text = bytes.toString('utf8');
  const value = parse(text);
  checkShape(value, limits);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const position = jsonErrorPosition(text) ?? text.length;
    const before = text.slice(0, position).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    throw new BrokerError(
      'invalid_json',
      position >= text.length
        ? `the body is not JSON: it ends too early, at position ${position}`
        : `the body is not JSON: unexpected character at position ${position} (line ${before.length}, column ${column})`,
    );
  }
}

/** Level by level, without recursion: the depth is the caller's choice. */
function checkShape(root: unknown, limits: JsonLimits): void {
  const { jsonDepth, jsonKeys, jsonStringCharacters } = limits;
  const look = (value: unknown, into: Record<string, unknown>[]): void => {
    if (isContainer(value)) into.push(value);
    else if (typeof value === 'string') refuseLongText(value, jsonStringCharacters);
  };
  let level: Record<string, unknown>[] = [];
  let keys = 0;
  look(root, level);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > jsonDepth) {
      throw new BrokerError('invalid_json', `the body is nested deeper than ${jsonDepth} levels`);
    }
    const below: Record<string, unknown>[] = [];
    for (const container of level) {
      if (Array.isArray(container)) {
        for (const item of container) look(item, below);
        continue;
      }
      refusePrototypeMembers(container);
      for (const [name, value] of Object.entries(container)) {
        keys += 1;
        refuseLongText(name, jsonStringCharacters);
        look(value, below);
      }
      if (keys > jsonKeys) {
        throw new BrokerError('invalid_json', `the body has more than ${jsonKeys} members`);
      }
    }
    level = below;
  }
}

function refuseLongText(text: string, longest: number): void {
  if (text.length <= longest) return;
  throw new BrokerError('invalid_json', `the body has a text of more than ${longest} characters`);
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function refusePrototypeMembers(container: Record<string, unknown>): void {
  const inner = Object.hasOwn(container, 'constructor') ? container['constructor'] : undefined;
  const dangerous =
    Object.hasOwn(container, '__proto__') ||
    (isContainer(inner) && Object.hasOwn(inner, 'prototype'));
  if (!dangerous) return;
  throw new BrokerError(
    'invalid_json',
    'the body has a member named "__proto__", or "constructor" with "prototype"; rename it',
  );
}
