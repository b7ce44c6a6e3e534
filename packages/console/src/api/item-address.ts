/** The address of one thing; it names the project where a list shows those of several. */
export function itemAddress(path: string, project: string | undefined): string {
  return project === undefined ? path : `${path}?project=${encodeURIComponent(project)}`;
}
