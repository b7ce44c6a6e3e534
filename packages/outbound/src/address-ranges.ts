import { isIP } from 'node:net';
import { createNetwork } from './outbound-policy.ts';

/** Why an address is no public one: what its range is for. */
export interface AddressRange {
  /** Fits after "is": `a loopback address`. */
  is: string;
  network: string;
}

/**
 * From IANA's registries of special-purpose addresses
 * (iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry) and
 * the metadata services that clouds put on other addresses. A narrower range stands first.
 */
const RANGES: readonly (readonly [network: string, is: string])[] = [
  ['0.0.0.0/8', 'an unspecified address'],
  ['10.0.0.0/8', 'a private address'],
  ['100.100.100.200/32', 'the metadata service of Alibaba Cloud'],
  ['100.64.0.0/10', 'an address behind carrier-grade NAT'],
  ['127.0.0.0/8', 'a loopback address'],
  ['168.63.129.16/32', 'the metadata service of Azure'],
  ['169.254.169.254/32', 'a metadata service'],
  ['169.254.0.0/16', 'a link-local address'],
  ['172.16.0.0/12', 'a private address'],
  ['192.0.0.0/24', 'an address of protocol assignments'],
  ['192.0.2.0/24', 'an address for documentation'],
  ['192.31.196.0/24', 'an address of AS112'],
  ['192.52.193.0/24', 'an address of multicast tunnels'],
  ['192.88.99.0/24', 'a 6to4 relay'],
  ['192.168.0.0/16', 'a private address'],
  ['192.175.48.0/24', 'an address of AS112'],
  ['198.18.0.0/15', 'an address for benchmarks'],
  ['198.51.100.0/24', 'an address for documentation'],
  ['203.0.113.0/24', 'an address for documentation'],
  ['224.0.0.0/4', 'a multicast address'],
  ['255.255.255.255/32', 'the broadcast address'],
  ['240.0.0.0/4', 'a reserved address'],
  ['::/128', 'the unspecified address'],
  ['::1/128', 'the loopback address'],
  ['::ffff:0:0/96', 'an IPv4 address in IPv6 form'],
  ['::ffff:0:0:0/96', 'an IPv4 address in IPv6 form'],
  ['::/96', 'an IPv4 address in IPv6 form'],
  ['64:ff9b::/96', 'an IPv4 address behind NAT64'],
  ['64:ff9b:1::/48', 'an IPv4 address behind NAT64'],
  ['100::/64', 'an address that discards'],
  ['2001::/32', 'an IPv4 address in a Teredo tunnel'],
  ['2001:2::/48', 'an address for benchmarks'],
  ['2001:10::/28', 'an ORCHID'],
  ['2001:20::/28', 'an ORCHID'],
  ['2001::/23', 'an address of protocol assignments'],
  ['2001:db8::/32', 'an address for documentation'],
  ['2002::/16', 'an IPv4 address in a 6to4 tunnel'],
  ['2620:4f:8000::/48', 'an address of AS112'],
  ['3ffe::/16', 'an address of the former 6bone'],
  ['3fff::/20', 'an address for documentation'],
  ['5f00::/16', 'a segment routing identifier'],
  ['fd00:ec2::254/128', 'the metadata service of AWS'],
  ['fd20:ce::254/128', 'the metadata service of Google Cloud'],
  ['fc00::/7', 'a unique local address'],
  ['fe80::/10', 'a link-local address'],
  ['fec0::/10', 'a site-local address'],
  ['ff00::/8', 'a multicast address'],
];

const ranges = RANGES.map(([network, is]) => ({ network, is, contains: networkOf(network) }));
/** All public IPv6 addresses lie here. */
const isGlobalUnicast = networkOf('2000::/3');

/** The range that keeps an address from being a public one; undefined for a public address. */
export function specialRange(address: string): AddressRange | undefined {
  const found = ranges.find(({ contains }) => contains(address));
  if (found !== undefined) return { is: found.is, network: found.network };
  if (isIP(address) === 4 || isGlobalUnicast(address)) return undefined;
  return { is: 'no public address', network: 'outside 2000::/3' };
}

function networkOf(text: string): (address: string) => boolean {
  const [address = '', prefixLength] = text.split('/');
  return createNetwork(address, Number(prefixLength));
}
