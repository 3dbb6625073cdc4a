import '@cloudscape-design/global-styles/index.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { startTexts } from './i18n/texts.ts';
import { App } from './shell/app.tsx';
import { startTheme } from './shell/theme.ts';
import { warmUp } from './shell/warm-up.ts';

// A newer console was put in place of the one that this page came from: its pieces have other names now.
window.addEventListener('vite:preloadError', () => window.location.reload());

void warmUp();
startTheme();
await startTexts();
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
