import type { ComponentType } from 'preact';
import type { IconName } from '../components/icon.tsx';

/** One view of the console: a file of its own, loaded when it is first opened. */
export interface View {
  /** Below the origin; `:id` names a part that varies. */
  path: string;
  /** In the navigation, where it stands there. */
  nav?: { title: string; icon: IconName; isForOperator?: boolean };
  component: ComponentType;
}
