/** Of the folder in a place that holds a mark of each broker which keeps its files there. No key begins with a dot. */
export const PLACE_MARKS = '.place';

/** For whoever finds a mark and wonders. */
export const PLACE_MARK_TEXT =
  'A broker keeps its files here. While this mark stands beside that of another, neither sweeps.\n';
