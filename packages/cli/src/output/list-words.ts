/** What a list says beside its items. */
export interface ListWords {
  /** In place of an empty table. */
  none: string;
  /** Of many projects, so that each item says of which. */
  ofAllProjects: boolean;
}
