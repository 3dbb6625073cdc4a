import { Component, lazy, type ReactNode, Suspense } from 'react';

const BrokenPage = lazy(async () => ({ default: (await import('./broken-page.tsx')).BrokenPage }));

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error?: Error;
}

/** Holds a page that broke, so that the rest of the console goes on. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override readonly state: ErrorBoundaryState = {};

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Suspense fallback={error.message}>
        <BrokenPage error={error} />
      </Suspense>
    );
  }
}
