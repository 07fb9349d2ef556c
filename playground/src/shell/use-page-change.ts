import { type RefObject, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';

/**
 * Names the window after the page, and on the way to another page puts the focus at the start of its content,
 * as a browser does that loads a document.
 */
export function usePageChange(title: string, content: RefObject<HTMLElement | null>): void {
  const [location] = useLocation();
  const shown = useRef(location);
  useEffect(() => {
    document.title = `${title} · Samtal`;
  }, [title]);
  useEffect(() => {
    const isFirst = shown.current === location || shown.current === '/';
    shown.current = location;
    if (isFirst) return;
    window.scrollTo(0, 0);
    content.current?.focus({ preventScroll: true });
  }, [location, content]);
}
