import { Component, type ReactNode } from 'react';
import { toError } from '../components/to-error.ts';

export interface ErrorBoundaryProps {
  readonly children: ReactNode;
  readonly fallback: (error: Error) => ReactNode;
}

/** Shows `fallback` in the place of what broke; the rest of the page goes on. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly error?: Error }> {
  override readonly state: { readonly error?: Error } = {};

  static getDerivedStateFromError(fault: unknown): { readonly error: Error } {
    return { error: toError(fault) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? this.props.fallback(error) : this.props.children;
  }
}
