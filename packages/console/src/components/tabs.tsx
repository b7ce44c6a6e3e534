import './tabs.css';

export interface TabsProps {
  label: string;
  tabs: readonly { title: string; href: string }[];
  /** The `href` of the one that is shown. */
  chosen: string;
}

/** Views that belong together, each with an address of its own. */
export function Tabs({ label, tabs, chosen }: TabsProps) {
  return (
    <nav class="choice tabs" aria-label={label}>
      {tabs.map(({ title, href }) => (
        <a
          key={href}
          class="button"
          href={href}
          aria-current={href === chosen ? 'page' : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}
