/** How many characters at the end of `text` may be the beginning of one of `markers`, to be judged later. */
export function heldBack(text: string, markers: readonly string[]): number {
  const longest = markers.reduce((length, marker) => Math.max(length, marker.length), 0);
  for (let length = Math.min(longest - 1, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (markers.some((marker) => marker.startsWith(end))) return length;
  }
  return 0;
}

/** The marker that begins first in `text`; of two at one place, the longer. */
export function firstMarker(
  text: string,
  markers: readonly string[],
): { readonly marker: string; readonly index: number } | undefined {
  let first: { readonly marker: string; readonly index: number } | undefined;
  for (const marker of markers) {
    const index = text.indexOf(marker);
    if (index < 0) continue;
    const isBetter =
      !first || index < first.index || (index === first.index && marker.length > first.marker.length);
    if (isBetter) first = { marker, index };
  }
  return first;
}
