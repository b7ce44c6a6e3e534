import { useState } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import type { IconName } from '../components/icon.tsx';
import { chooseTheme, chosenTheme } from './theme.ts';
import type { Theme } from './theme.ts';

const CHOICES: readonly { theme: Theme; title: string; icon: IconName }[] = [
  { theme: 'system', title: 'As the system has it', icon: 'system' },
  { theme: 'light', title: 'Light', icon: 'sun' },
  { theme: 'dark', title: 'Dark', icon: 'moon' },
];

export function ThemeSwitch() {
  const [chosen, setChosen] = useState(chosenTheme);
  const choose = (theme: Theme): void => {
    chooseTheme(theme);
    setChosen(theme);
  };
  return (
    <div class="choice" role="group" aria-label="Colours">
      {CHOICES.map(({ theme, title, icon }) => (
        <button
          key={theme}
          type="button"
          class="button icon-only"
          aria-label={title}
          title={title}
          aria-pressed={chosen === theme}
          onClick={() => choose(theme)}
        >
          <Icon name={icon} />
        </button>
      ))}
    </div>
  );
}
