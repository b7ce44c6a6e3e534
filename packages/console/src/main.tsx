import { render } from 'preact';
import { App } from './app.tsx';
import { applyTheme } from './session/theme.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/components.css';

applyTheme();
const root = document.querySelector('#console');
if (root !== null) render(<App />, root);
