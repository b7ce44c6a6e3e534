import { Route, Router, useLocation } from 'preact-iso/router';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './components/icon.tsx';
import { Mark } from './components/mark.tsx';
import { EmptyState } from './components/empty-state.tsx';
import { Page } from './components/page.tsx';
import { isOperator } from './session/scopes.ts';
import { ProjectSwitch } from './session/project-switch.tsx';
import { signOut } from './session/session-store.ts';
import type { Who } from './session/session-store.ts';
import { ThemeSwitch } from './session/theme-switch.tsx';
import { VIEWS } from './views/index.ts';

/** Around every view: the navigation, whose key it is, and which project is looked at. */
export function Shell({ who }: { who: Who }) {
  const { path } = useLocation();
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  useEffect(() => setIsMenuOpen(false), [path]);
  return (
    <div class="shell">
      <a class="skip" href="#view">
        Skip to the view
      </a>
      <header class="bar">
        <a class="brand" href="/console">
          <Mark /> Understudy
        </a>
        <button
          type="button"
          class="button icon-only menu-button"
          aria-label="Menu"
          aria-expanded={isMenuOpen}
          aria-controls="menu"
          onClick={() => setIsMenuOpen(!isMenuOpen)}
        >
          <Icon name={isMenuOpen ? 'close' : 'menu'} />
        </button>
        <div class={isMenuOpen ? 'menu open' : 'menu'} id="menu">
          <Navigation path={path} who={who} />
          <div class="menu-foot">
            {isOperator(who) && <ProjectSwitch who={who} />}
            <p class="small muted" title={`Key ${who.id}: ${who.scopes.join(', ')}`}>
              {isOperator(who) ? 'Operator' : `Project ${who.project}`} · {who.scopes.join(', ')}
            </p>
            <ThemeSwitch />
            <button type="button" class="button" onClick={() => signOut()}>
              <Icon name="leave" /> Sign out
            </button>
          </div>
        </div>
      </header>
      <main id="view" tabIndex={-1} key={who.acting ?? who.project}>
        <Router onRouteChange={() => document.querySelector<HTMLElement>('#view')?.focus()}>
          {VIEWS.map(({ path: route, component }) => (
            <Route key={route} path={route} component={component} />
          ))}
          <Route default component={Nowhere} />
        </Router>
      </main>
    </div>
  );
}

function Navigation({ path, who }: { path: string; who: Who }) {
  const shown = VIEWS.filter(({ nav }) => nav?.isForOperator !== true || isOperator(who));
  return (
    <nav aria-label="Views">
      <ul class="nav">
        {shown.map(({ nav, path: target }) =>
          nav === undefined ? null : (
            <li key={target}>
              <a href={target} aria-current={isWithin(path, target) ? 'page' : undefined}>
                <Icon name={nav.icon} /> {nav.title}
              </a>
            </li>
          ),
        )}
      </ul>
    </nav>
  );
}

function isWithin(path: string, target: string): boolean {
  return path === target || (target !== '/console' && path.startsWith(`${target}/`));
}

function Nowhere() {
  return (
    <Page title="Nothing here">
      <EmptyState title="No view has this address">
        <p>
          <a href="/console/jobs">All jobs</a> is a good place to go on from.
        </p>
      </EmptyState>
    </Page>
  );
}
