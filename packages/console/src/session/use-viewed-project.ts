import { useLocation } from 'preact-iso/router';
import { useWho } from './session.ts';
import { viewedProject } from './viewed-project.ts';
import type { ViewedProject } from './viewed-project.ts';

/** Which project a view shows that cannot show all of them at once. */
export function useViewedProject(): ViewedProject {
  const { query } = useLocation();
  return viewedProject(useWho(), query['project']);
}
