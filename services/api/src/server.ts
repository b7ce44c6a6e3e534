import type { ApiApp } from './api-parts.ts';

export interface Address {
  host: string;
  /** 0 for any free one. */
  port: number;
}

/**
 * @returns the address as a URL, with the port that was really taken
 * @throws Error naming PORT or HOST and the remedy when the address cannot be had
 */
export async function listen(app: ApiApp, { host, port }: Address): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    throw new Error(refusal(error, host, port), { cause: error });
  }
}

function refusal(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use; stop what holds it, or set PORT to another`;
    case 'EACCES':
      return `port ${port} needs more rights than this process has; set PORT to 1024 or above`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address ${host}; set HOST to one it has`;
    default:
      return `cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : code}`;
  }
}
