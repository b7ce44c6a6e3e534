import { isUtf8 } from 'node:buffer';
import type { JsonLimits } from '@understudy/configuration';
import { BrokerError } from '@understudy/contracts';
import { jsonErrorPosition } from './json-error-position.ts';
import { scanShape } from './scan-shape.ts';

/**
 * Parses a request's JSON. Refuses what is beyond the limits, and the members by which a copy of
 * it could change the prototype of an object.
 * @throws BrokerError naming the place, never the content
 */
export function readJson(bytes: Buffer, limits: JsonLimits): unknown {
  if (!isUtf8(bytes)) throw new BrokerError('invalid_json', 'the body is not UTF-8');
  const suspicious = scanShape(bytes, limits);
  const value = parse(bytes.toString('utf8'));
  if (suspicious) refusePrototypes(value);
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
function refusePrototypes(root: unknown): void {
  let level = [root].filter(isContainer);
  while (level.length > 0) {
    for (const container of level) refusePrototypeMembers(container);
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
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
