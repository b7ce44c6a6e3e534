import { isIP } from 'node:net';
import { specialRange } from './address-ranges.ts';
import type { Allowances } from './outbound-policy.ts';

/** Where a URL leads, before its name is looked up. */
export interface Place {
  protocol: string;
  /** Normalised: a name, or an address without brackets. */
  host: string;
  port: number;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };
const PORTS: readonly number[] = [443, 8443];
const REMEDY = 'an operator can permit it in outbound.allow';

/**
 * The addresses of a host that need no look-up: its own, or, of names that never leave this
 * machine (RFC 6761, section 6.3), those of loopback, of which one that may be reached is enough.
 */
export function ownAddresses(host: string): readonly string[] | undefined {
  if (isIP(host) !== 0) return [host];
  return /(^|\.)localhost$/.test(host) ? ['127.0.0.1', '::1'] : undefined;
}

/** The port of a URL, also where it is its scheme's own. */
export function portOf(url: { protocol: string; port: string }): number {
  return url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
}

/**
 * Why the scheme or the port of a place is refused, whoever it is that answers there. Where an
 * operator allowed the place itself this is not asked.
 */
export function schemeOrPortRefusal({ protocol, host, port }: Place): string | undefined {
  if (protocol !== 'https:') {
    return `"${protocol.replace(':', '')}" is not permitted for ${host}; use https, or ${REMEDY}`;
  }
  if (PORTS.includes(port)) return undefined;
  return `port ${port} of ${host} is not permitted; use ${PORTS.join(' or ')}, or ${REMEDY}`;
}

/**
 * Why a place may not be reached at one of its addresses. Says the range, and not the address that
 * a name leads to: a caller learns nothing of the names of our own network.
 */
export function addressRefusal(
  place: Place,
  address: string,
  allowances: Allowances,
): string | undefined {
  const { host, port } = place;
  if (allowances.host(host, port) || allowances.address(address, port)) return undefined;
  const range = specialRange(address);
  if (range === undefined) return schemeOrPortRefusal(place);
  const verb = host === address ? 'is' : 'leads to';
  return `${host} ${verb} ${range.is} (${range.network}), which is not permitted; give a public host, or ${REMEDY}`;
}
