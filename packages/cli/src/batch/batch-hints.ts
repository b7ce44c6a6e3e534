/** How a batch is stopped. */
export function cancelHint(batchId: string, project: string | undefined): string {
  return `${command('cancel', batchId, project)} stops it.`;
}

/** Where the answers of a batch that has ended are. */
export function filesHint(batchId: string, project: string | undefined): string {
  return `${command('get', batchId, project)} names their files.`;
}

/** In the project that was named, as another one does not know the batch. */
function command(verb: string, batchId: string, project: string | undefined): string {
  const where = project === undefined ? '' : ` --project ${project}`;
  return `"understudy batch ${verb} ${batchId}${where}"`;
}
