const TIMEOUT_MS = 3000;

/**
 * The id of the workspace behind a host, from the `x-databricks-org-id` header that Databricks'
 * REST answers carry, whatever their status. Undefined when the host does not say; never throws,
 * as calls do without the id.
 */
export async function askWorkspaceId(
  origin: string,
  authorization: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(`${origin}/api/2.0/preview/scim/v2/Me`, {
      headers: { authorization },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    const id = response.headers.get('x-databricks-org-id');
    return id !== null && /^[1-9]\d*$/.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
