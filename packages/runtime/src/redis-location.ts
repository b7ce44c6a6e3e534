/** `redis+sentinel://[user:password@]host:port[,host:port…]/master[/db]` */
const SENTINEL_URL =
  /^(?<scheme>rediss?)\+sentinel:\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[^/]+)\/(?<name>[^/?]+)(?:\/(?<db>\d+))?$/;
const SENTINEL_PORT = 26_379;

/** `redis+cluster://[user:password@]host:port[,host:port…]`; a cluster has no numbered databases. */
const CLUSTER_URL =
  /^(?<scheme>rediss?)\+cluster:\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[^/?]+)\/?$/;
const REDIS_PORT = 6379;

/** `redis://[user:password@]host:port[/db]`, with what the client takes as a query. */
const ADDRESS_URL =
  /^rediss?:\/\/(?:[^/]*@)?(?:\[[^\]]+\]|[^/@?#:[\]]*)(?::\d+)?(?:\/\d*)?(?:\?.*)?$/;

interface Address {
  host: string;
  port: number;
}

/** How to be let in by Redis itself. */
interface Access {
  username?: string;
  password?: string;
  tls?: object;
}

/** The connection options of ioredis that find a master by its sentinels. */
export interface SentinelOptions extends Access {
  name: string;
  sentinels: Address[];
  db?: number;
  /** Without it ioredis heeds no `tls` where sentinels name the server. */
  enableTLSForSentinelMode?: true;
}

/** At one address, or wherever its sentinels say. */
export type ServerLocation =
  | { kind: 'address'; url: string }
  | { kind: 'sentinels'; options: SentinelOptions };

/** By some of its servers, which name the others. */
export interface ClusterLocation {
  kind: 'cluster';
  nodes: [Address, ...Address[]];
  access: Access;
}

export type RedisLocation = ServerLocation | ClusterLocation;

/**
 * Reads a Redis URL. User and password are those of Redis itself; `rediss+sentinel` and
 * `rediss+cluster` speak TLS to Redis; sentinels themselves are asked in plain.
 * @throws Error for a URL of another form, which the client would take for the name of a host; it
 *   shows nothing of the URL, of which any part may be a password
 */
export function parseRedisLocation(url: string): RedisLocation {
  if (/^rediss?\+sentinel:/.test(url)) return parseSentinels(url);
  if (/^rediss?\+cluster:/.test(url)) return parseCluster(url);
  if (ADDRESS_URL.test(url)) return { kind: 'address', url };
  throw new Error(
    'REDIS_URL is no Redis URL; write redis://[user:password@]host:port[/db], with @, / and : in ' +
      'a password as %40, %2F and %3A',
  );
}

function parseSentinels(url: string): RedisLocation {
  const parts = SENTINEL_URL.exec(url)?.groups;
  if (parts === undefined) {
    throw new Error(
      'REDIS_URL is no sentinel URL; write redis+sentinel://[user:password@]host:port,host:port/master',
    );
  }
  const { hosts = '', name = '', db } = parts;
  return {
    kind: 'sentinels',
    options: {
      name,
      sentinels: hosts.split(',').map((address) => parseAddress(address, SENTINEL_PORT)),
      ...(db === undefined ? {} : { db: Number(db) }),
      ...parseAccess(parts),
      ...(parts['scheme'] === 'rediss' ? { enableTLSForSentinelMode: true } : {}),
    },
  };
}

function parseCluster(url: string): RedisLocation {
  const parts = CLUSTER_URL.exec(url)?.groups;
  const [first, ...others] = (parts?.['hosts'] ?? '').split(',').filter((host) => host !== '');
  if (parts === undefined || first === undefined) {
    throw new Error(
      'REDIS_URL is no cluster URL; write redis+cluster://[user:password@]host:port,host:port ' +
        'with some of its servers and without a database number',
    );
  }
  return {
    kind: 'cluster',
    nodes: [
      parseAddress(first, REDIS_PORT),
      ...others.map((address) => parseAddress(address, REDIS_PORT)),
    ],
    access: parseAccess(parts),
  };
}

/** `host`, `host:port`, or `[IPv6]:port`. */
function parseAddress(text: string, defaultPort: number): Address {
  const { ipv6, host, port } =
    /^(?:\[(?<ipv6>[^\]]+)\]|(?<host>[^:]*))(?::(?<port>\d+))?$/.exec(text)?.groups ?? {};
  return {
    host: ipv6 ?? host ?? '',
    port: port === undefined ? defaultPort : Number(port),
  };
}

function parseAccess({ scheme, user, password }: Record<string, string | undefined>): Access {
  return {
    ...(user ? { username: decodeURIComponent(user) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(scheme === 'rediss' ? { tls: {} } : {}),
  };
}
