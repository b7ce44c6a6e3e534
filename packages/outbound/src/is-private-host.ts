import { normalizeHost } from '@understudy/configuration';
import { specialRange } from './address-ranges.ts';
import { ownAddresses } from './place.ts';

/** Names that no public server of names knows: RFC 6762, RFC 8375, ICANN's `.internal`. */
const PRIVATE_NAME = /(^|\.)(local|internal|home\.arpa)$/;

/**
 * Whether a URL's host is one of this machine or of a network of one's own, as far as it shows: no
 * name is looked up. A name without a dot, as containers have, is one.
 */
export function isPrivateHost(urlHost: string): boolean {
  const host = normalizeHost(urlHost);
  if (host === undefined) return false;
  const addresses = ownAddresses(host);
  if (addresses !== undefined) return addresses.every((one) => specialRange(one) !== undefined);
  return !host.includes('.') || PRIVATE_NAME.test(host);
}
