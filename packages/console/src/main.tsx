import '@cloudscape-design/global-styles/index.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { startTexts } from './i18n/texts.ts';
import { App } from './shell/app.tsx';
import { startTheme } from './shell/theme.ts';

startTheme();
await startTexts();
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
