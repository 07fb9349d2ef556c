/** The most characters that are quoted of one value in a message. */
const LONGEST_QUOTE = 80;

/** The beginning of `text`, with dots for what is left out: what clients send goes into logs and terminals. */
export function excerpt(text: string, longest = LONGEST_QUOTE): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}
