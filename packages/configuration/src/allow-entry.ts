import { isIP } from 'node:net';
import { normalizeHost } from './host-name.ts';

/** One line of `outbound.allow`; without a port it holds for every port. */
export type AllowEntry =
  | { kind: 'host'; host: string; port?: number }
  | { kind: 'network'; address: string; prefixLength: number; port?: number };

const HIGHEST_PORT = 65_535;

/** Whether `parseAllowEntry` takes this text. */
export function isAllowEntry(text: string): boolean {
  return readAllowEntry(text) !== undefined;
}

/** What is wrong with a text that `parseAllowEntry` does not take, and what it takes. */
export function allowEntryProblem(text: string): string {
  return `${JSON.stringify(text)} is no host, address or network; write hooks.internal, hooks.internal:8080, 10.1.2.3, [fd00::1]:8080 or 10.0.0.0/8`;
}

/**
 * Reads `hooks.internal`, `hooks.internal:8080`, `10.1.2.3`, `10.1.2.3:8080`, `[fd00::1]:8080` or
 * a network such as `10.0.0.0/8`.
 * @throws RangeError naming the text and the accepted forms
 */
export function parseAllowEntry(text: string): AllowEntry {
  const entry = readAllowEntry(text);
  if (entry !== undefined) return entry;
  throw new RangeError(allowEntryProblem(text));
}

function readAllowEntry(text: string): AllowEntry | undefined {
  if (text.includes('/')) return readNetwork(text);
  if (isIP(text) === 6) return readHost(`[${text}]`);
  const [, host = '', port] = /^(.+?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return readHost(host, port);
}

function readNetwork(text: string): AllowEntry | undefined {
  const [, address = '', digits] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
  const prefixLength = Number(digits);
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return prefixLength <= longest ? { kind: 'network', address, prefixLength } : undefined;
}

function readHost(text: string, portText?: string): AllowEntry | undefined {
  const host = normalizeHost(text);
  const port = portText === undefined ? undefined : Number(portText);
  if (host === undefined || port === 0 || (port ?? 1) > HIGHEST_PORT) return undefined;
  const family = isIP(host);
  const place: AllowEntry =
    family === 0
      ? { kind: 'host', host }
      : { kind: 'network', address: host, prefixLength: family === 4 ? 32 : 128 };
  return port === undefined ? place : { ...place, port };
}
