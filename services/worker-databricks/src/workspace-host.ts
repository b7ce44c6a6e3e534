/** A workspace as far as its address tells. */
export interface Workspace {
  /** Scheme, host and port; without a slash at the end. */
  origin: string;
  /** Scheme and host of the workspace's AI gateway, where it is known. */
  gatewayOrigin?: string;
}

/**
 * Reads DATABRICKS_HOST: a bare host name or a URL with scheme and port, also as copied from a
 * browser with the workspace's id in `?o=`. Undefined when it is neither.
 */
export function readWorkspaceHost(host: string): Workspace | undefined {
  const url = URL.parse(/^https?:\/\//i.test(host) ? host : `https://${host}`);
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  const inHost = /^adb-(\d+)\.\d+\.azuredatabricks\.net$/.exec(url.hostname)?.[1];
  return withGateway({ origin: url.origin }, inHost ?? url.searchParams.get('o') ?? '');
}

/** True for a workspace whose gateway has a host of its own that only the workspace's id tells. */
export function needsWorkspaceId(workspace: Workspace): boolean {
  return workspace.gatewayOrigin === undefined && gatewayDomain(workspace.origin) !== undefined;
}

/**
 * Adds the gateway's host, which carries the workspace's id: on Azure the id stands in the
 * workspace's own host (`adb-<id>.<n>.azuredatabricks.net`), on AWS only in browser addresses.
 * Cells of the Azure gateway are numbered apart from the workspace's `<n>`; `0` is the documented
 * one.
 */
export function withGateway(workspace: Workspace, workspaceId: string): Workspace {
  const domain = gatewayDomain(workspace.origin);
  if (domain === undefined || !/^\d+$/.test(workspaceId)) return workspace;
  return { ...workspace, gatewayOrigin: `https://${workspaceId}.${domain}` };
}

function gatewayDomain(origin: string): string | undefined {
  const { protocol, port, hostname } = new URL(origin);
  if (protocol !== 'https:' || port !== '') return undefined;
  if (hostname.endsWith('.azuredatabricks.net')) return '0.ai-gateway.azuredatabricks.net';
  if (hostname.endsWith('.cloud.databricks.com')) return 'ai-gateway.cloud.databricks.com';
  return undefined;
}
