import { BlockList, isIP } from 'node:net';
import { parseAllowEntry, type AllowEntry } from '@understudy/configuration';

/** What callers' URLs may reach beside public addresses; `allow: []` adds nothing. */
export interface OutboundPolicy {
  /** Hosts, `host:port`, addresses and networks as in `outbound.allow`. */
  allow: readonly string[];
}

/** The exceptions of a policy, ready to be asked. */
export interface Allowances {
  /** The operator trusts this name, wherever it leads. */
  host(host: string, port: number): boolean;
  /** The operator trusts this address. */
  address(address: string, port: number): boolean;
  /** Some network is trusted at this port, so that a name may turn out to lie in it. */
  someNetwork(port: number): boolean;
}

/** @throws RangeError naming the entry that is no host, address or network */
export function readAllowances(policy: OutboundPolicy): Allowances {
  const entries = policy.allow.map((text) => parseAllowEntry(text));
  const hosts = entries.filter((entry) => entry.kind === 'host');
  const networks = entries
    .filter((entry) => entry.kind === 'network')
    .map((entry) => ({ ...entry, contains: createNetwork(entry.address, entry.prefixLength) }));
  return {
    host: (host, port) => hosts.some((entry) => entry.host === host && holds(entry, port)),
    address: (address, port) =>
      networks.some((entry) => holds(entry, port) && entry.contains(address)),
    someNetwork: (port) => networks.some((entry) => holds(entry, port)),
  };
}

function holds(entry: AllowEntry, port: number): boolean {
  return (entry.port ?? port) === port;
}

/**
 * Whether an address lies in a network of its own family. Node's list alone would find an IPv4
 * address in an IPv6 network of mapped addresses, and the other way round.
 */
export function createNetwork(
  address: string,
  prefixLength: number,
): (candidate: string) => boolean {
  const family = isIP(address);
  const name = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, prefixLength, name);
  return (candidate) => {
    // A resolver may name the interface behind an address (`fe80::1%eth0`); the list takes none.
    const [bare = ''] = candidate.split('%');
    return isIP(bare) === family && list.check(bare, name);
  };
}
