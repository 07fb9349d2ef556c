/** The language of a BCP 47 tag without script and region, in lower case: `sv` of `sv-FI` (RFC 5646 2.2.1). */
export function primarySubtag(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? tag;
}
