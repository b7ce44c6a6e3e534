/** How a batch is stopped; in the project that was named, as another one does not know it. */
export function cancelHint(batchId: string, project: string | undefined): string {
  const where = project === undefined ? '' : ` --project ${project}`;
  return `"understudy batch cancel ${batchId}${where}" stops it.`;
}
