import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { createContext, type ReactNode, useContext, useEffect } from 'react';

export interface Crumb {
  readonly text: string;
  readonly href: string;
}

export const BreadcrumbContext = createContext<(crumbs: readonly Crumb[]) => void>(() => {});

interface PageProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** The way from the dashboard to the page above this one. */
  readonly crumbs?: readonly Crumb[];
  readonly children: ReactNode;
}

/** One page: its title, also as the browser's, the way to it, its actions and its content. */
export function Page({ title, description, actions, crumbs = [], children }: PageProps) {
  const setCrumbs = useContext(BreadcrumbContext);
  const way = JSON.stringify(crumbs);
  useEffect(() => {
    document.title = `${title} | Holdfast`;
    setCrumbs([...(JSON.parse(way) as Crumb[]), { text: title, href: window.location.pathname }]);
  }, [title, way, setCrumbs]);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      {children}
    </ContentLayout>
  );
}
