import { isIP } from 'node:net';

const LONGEST_NAME = 253;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * One spelling for each host, by the rules of URLs: lower case, IDN as punycode, every way to
 * write an IPv4 address as four decimal numbers, IPv6 compressed and without brackets, no
 * trailing dot.
 * @returns undefined for what is neither a host name nor an address
 */
export function normalizeHost(text: string): string | undefined {
  if (/[\s/?#@\\]/.test(text)) return undefined;
  const host = URL.parse(`http://${text}`);
  if (host === null || host.port !== '') return undefined;
  const bare = host.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return isIP(bare) !== 0 || isHostName(bare) ? bare : undefined;
}

/** Whether only this machine reaches what listens there. An IPv6 address stands without brackets. */
export function isLoopbackHost(host: string): boolean {
  const normalized = normalizeHost(isIP(host) === 6 ? `[${host}]` : host) ?? '';
  return /^(127\.[\d.]+|::1|localhost)$/.test(normalized);
}

function isHostName(text: string): boolean {
  return text.length <= LONGEST_NAME && text.split('.').every((label) => LABEL.test(label));
}
