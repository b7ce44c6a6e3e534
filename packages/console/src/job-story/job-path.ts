import { itemAddress } from '../api/item-address.ts';

/** Where a job is shown. @param project named where the reader sees several */
export function jobPath(id: string, project?: string): string {
  return itemAddress(`/console/jobs/${encodeURIComponent(id)}`, project);
}
