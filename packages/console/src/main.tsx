import '@cloudscape-design/global-styles/index.css';
import AppLayout from '@cloudscape-design/components/app-layout';
import Header from '@cloudscape-design/components/header';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { createRoot } from 'react-dom/client';

function App() {
  return (
    <>
      <TopNavigation identity={{ href: '/', title: 'Holdfast' }} />
      <AppLayout content={<Header variant="h1">Holdfast</Header>} navigationHide toolsHide />
    </>
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(<App />);
