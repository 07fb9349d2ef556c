/** Base64 tells nothing beyond its beginning, which shows the format; prose is worth more. */
const BASE64_SHOWN = 16;
const TEXT_SHOWN = 2000;
const BASE64_FROM = 120;

/** A text as a person wants to see it: base64 by its beginning, prose almost always whole. */
export function shortenText(text: string): { readonly shown: string; readonly isShortened: boolean } {
  const limit = isBase64(text) ? BASE64_SHOWN : TEXT_SHOWN;
  if (text.length <= limit) return { shown: text, isShortened: false };
  return { shown: `${text.slice(0, limit)}…`, isShortened: true };
}

/** The same JSON with its long texts shortened to their beginning and their length. */
export function shortenJson(value: unknown): unknown {
  if (typeof value === 'string') {
    const { shown, isShortened } = shortenText(value);
    return isShortened ? `${shown} (${value.length} characters)` : value;
  }
  if (Array.isArray(value)) return value.map(shortenJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shortenJson(child)]));
}

function isBase64(text: string): boolean {
  return text.length >= BASE64_FROM && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}
