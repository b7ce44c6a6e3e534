import { isLoopbackHost, OUTBOUND_VARIABLE } from '@understudy/configuration';

type Environment = Readonly<Record<string, string | undefined>>;

const LOOPBACK = ['127.0.0.0/8', '::1'];

/**
 * The environment, with callbacks to this machine permitted where only this machine reaches the
 * API and nothing else was said. A configuration's own `outbound` wins over it.
 */
export function withLocalOutbound(environment: Environment, host: string): Environment {
  if (environment[OUTBOUND_VARIABLE] !== undefined || !isLoopbackHost(host)) return environment;
  return { ...environment, [OUTBOUND_VARIABLE]: LOOPBACK.join(',') };
}

/** Where callbacks may go, as the report of a start says it. */
export function describeOutbound(allow: readonly string[]): string {
  if (allow.length === 0) return 'to public https addresses';
  const isLocal = allow.join() === LOOPBACK.join();
  return isLocal
    ? 'to public https addresses and to this machine; outbound: { allow: [] } forbids the latter'
    : `to public https addresses and to ${allow.join(', ')}`;
}
