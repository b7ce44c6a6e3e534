import { isIP } from 'node:net';
import { normalizeHost } from '@understudy/configuration';
import { readAllowances, type Allowances, type OutboundPolicy } from './outbound-policy.ts';
import { addressRefusal, ownAddresses, portOf, schemeOrPortRefusal, type Place } from './place.ts';

export type CallerUrlCheck =
  /** `url` in the one spelling that is stored and called. */
  { ok: true; url: string } | { ok: false; reason: string };

const LONGEST_URL = 2048;

/**
 * Checks a URL when a caller gives it: its form, scheme, port, and the address if it names one. A
 * name is not looked up: where it leads is checked at each connection.
 * @returns a reason that names what is wrong and what is taken; it never repeats path or query
 */
export function checkCallerUrl(text: string, policy: OutboundPolicy): CallerUrlCheck {
  const malformed = formProblem(text);
  if (malformed !== undefined) return { ok: false, reason: malformed };
  const url = URL.parse(text);
  const host = url === null ? undefined : normalizeHost(url.hostname);
  if (url === null || host === undefined) {
    return { ok: false, reason: 'the URL names no valid host' };
  }
  const place = { protocol: url.protocol, host, port: portOf(url) };
  const reason = placeRefusal(place, readAllowances(policy));
  if (reason !== undefined) return { ok: false, reason };
  url.hostname = isIP(host) === 6 ? `[${host}]` : host;
  return { ok: true, url: url.href };
}

// URL parsers repair much of this, each in its own way; what two of them read differently is no
// address to give.
function formProblem(text: string): string | undefined {
  if (text.length > LONGEST_URL) {
    return `the URL has ${text.length} characters; give at most ${LONGEST_URL}`;
  }
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(text)) {
    return 'the URL holds a space, a backslash or an invisible character; percent-encode it';
  }
  const [, scheme, authority = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(text) ?? [];
  if (scheme === undefined || authority === '') {
    return 'the URL is not absolute; give it as https://host/path';
  }
  if (!/^https?$/i.test(scheme)) return `"${scheme}" is not permitted; use https`;
  if (authority.includes('@')) return 'the URL holds a user or a password; leave them out';
  if (text.includes('#')) return 'the URL holds a fragment, which is never sent; leave it out';
  return undefined;
}

function placeRefusal(place: Place, allowances: Allowances): string | undefined {
  const { host, port } = place;
  const refusals = ownAddresses(host)?.map((one) => addressRefusal(place, one, allowances));
  if (refusals !== undefined) return refusals.includes(undefined) ? undefined : refusals[0];
  // Whether the name leads into an allowed network is known when it is looked up.
  if (allowances.host(host, port) || allowances.someNetwork(port)) return undefined;
  return schemeOrPortRefusal(place);
}
