import { isIP, type LookupFunction, type Socket } from 'node:net';
import { callbackify } from 'node:util';
import { normalizeHost } from '@understudy/configuration';
import { buildConnector, errors } from 'undici';
import { readAllowances, type OutboundPolicy } from './outbound-policy.ts';
import { OutboundRefusal } from './outbound-refusal.ts';
import { addressRefusal, ownAddresses, portOf, type Place } from './place.ts';
import type { ResolveHost } from './resolve-host.ts';

export interface ConnectorOptions {
  connectTimeoutMs: number;
  certificateAuthorities: string | undefined;
  resolve: ResolveHost;
}

type Refusal = (address: string) => string | undefined;

/** Until the next address of a name is tried beside a silent one; the last may take all the time. */
const NEXT_ADDRESS_MS = 1_000;

/**
 * Opens the connections of a guarded dispatcher. The check stands here and not in a `lookup` hook
 * alone, because an address in a URL is never looked up.
 */
export function createGuardedConnector(
  policy: OutboundPolicy,
  options: ConnectorOptions,
): buildConnector.connector {
  const allowances = readAllowances(policy);

  const openGuarded = async (target: buildConnector.Options): Promise<Socket> => {
    const startedAt = performance.now();
    const place = placeOf(target);
    const refusal: Refusal = (address) => addressRefusal(place, address, allowances);
    const named = allowances.host(place.host, place.port);
    const addresses = await withinTime(options.connectTimeoutMs, (signal) =>
      permittedAddresses(place, refusal, (host) => options.resolve(host, { named, signal })),
    );
    const remainingMs = options.connectTimeoutMs - (performance.now() - startedAt);
    const connect = buildConnector({
      allowH2: false,
      maxCachedSessions: 0,
      timeout: Math.max(1, remainingMs),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
      lookup: lookupOf(addresses),
      ...(options.certificateAuthorities === undefined
        ? {}
        : { ca: options.certificateAuthorities }),
    });
    return openChecked(connect, { ...target, hostname: place.host }, refusal);
  };

  const open = callbackify(openGuarded);
  return (target, callback) => {
    open(target, (error, socket) => {
      if (error === null) callback(null, socket);
      else callback(error, null);
    });
  };
}

function placeOf(target: buildConnector.Options): Place {
  const { hostname } = target;
  const host = normalizeHost(isIP(hostname) === 6 ? `[${hostname}]` : hostname);
  if (host === undefined) throw new OutboundRefusal('the URL names no valid host');
  return { protocol: target.protocol, host, port: portOf(target) };
}

async function permittedAddresses(
  { host }: Place,
  refusal: Refusal,
  resolve: (host: string) => ReturnType<ResolveHost>,
): Promise<readonly string[]> {
  const own = ownAddresses(host);
  const addresses = own ?? (await resolve(host));
  const permitted = addresses.filter((address) => refusal(address) === undefined);
  // One address that is not permitted condemns a name that was looked up: an honest one has none.
  if (own === undefined ? permitted.length === addresses.length : permitted.length > 0) {
    return permitted;
  }
  const reasons = addresses.map(refusal).filter((reason) => reason !== undefined);
  throw new OutboundRefusal(reasons[0] ?? `${host} has no address`);
}

/** Connects, and gives the socket only where its other end is permitted too. */
function openChecked(
  connect: buildConnector.connector,
  target: buildConnector.Options,
  refusal: Refusal,
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  // Under the name that was checked: `host` and `servername` may be spelled otherwise.
  const { protocol, port, hostname } = target;
  const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
  connect(
    { protocol, port, hostname, host: hostname, ...(protocol === 'https:' ? servername : {}) },
    (error, socket) => {
      if (error !== null) return reject(error);
      const peer = socket.remoteAddress;
      const reason = peer === undefined ? undefined : refusal(peer);
      if (peer !== undefined && reason === undefined) return resolve(socket);
      socket.destroy();
      if (reason !== undefined) return reject(new OutboundRefusal(reason));
      return reject(new errors.SocketError('the connection was closed at once'));
    },
  );
  return promise;
}

/** Answers with what was checked, so that nobody is asked again. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  return (host, { all }, callback) => {
    const [first] = answers;
    if (first === undefined) {
      const error = Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
      callback(error, '', 0);
    } else if (all) callback(null, answers);
    else callback(null, first.address, first.family);
  };
}

/** A look-up that takes no notice of the signal is left to itself. */
async function withinTime<Value>(
  timeoutMs: number,
  lookUp: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const ending = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new errors.ConnectTimeoutError('the name was not looked up in time'));
    ending.abort();
  }, timeoutMs);
  try {
    return await Promise.race([lookUp(ending.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
