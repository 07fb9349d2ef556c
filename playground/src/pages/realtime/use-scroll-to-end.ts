import { type RefObject, useEffect, useRef } from 'react';

/** Keeps the end of a box in view as it grows, unless the reader has gone back. */
export function useScrollToEnd(changed: unknown): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const look = (): void => {
      isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    };
    box.addEventListener('scroll', look, { passive: true });
    return () => box.removeEventListener('scroll', look);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever changed may have made it longer.
  useEffect(() => {
    const box = element.current;
    if (box && isAtEnd.current) box.scrollTop = box.scrollHeight;
  }, [changed]);
  return element;
}
