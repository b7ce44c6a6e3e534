/** Where a job is shown. @param project named where the reader sees several */
export function jobPath(id: string, project?: string): string {
  const path = `/console/jobs/${encodeURIComponent(id)}`;
  return project === undefined ? path : `${path}?project=${encodeURIComponent(project)}`;
}
