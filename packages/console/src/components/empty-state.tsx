import type { ComponentChildren } from 'preact';
import { Command } from './command.tsx';

export interface EmptyStateProps {
  title: string;
  /** Ready to be run: how there would be something here. */
  command?: string;
  children?: ComponentChildren;
}

/** Where there is nothing yet: what would stand here, and how it comes about. */
export function EmptyState({ title, command, children }: EmptyStateProps) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
      {command !== undefined && <Command text={command} />}
    </div>
  );
}
