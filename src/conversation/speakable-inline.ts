/** What to take away, or to write in its stead, in order. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  // Markdown escapes any ASCII punctuation with a backslash.
  [/\\(?=[!-/:-@[-`{-~])/g, ''],
  // Links and images keep their text, footnotes and citation marks nothing.
  [/!?\[([^\]]*)\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"]*")?\)|\[[^\]]*\])/g, '$1'],
  [/\[\^[^\]]+\]|【[^】]*】/g, ''],
  // Of an address, the host alone; the stop or bracket after it belongs to the sentence.
  [/<((?:https?|wss?|ftp|mailto):[^\s<>]+)>/gi, '$1'],
  [/\bmailto:(?=\S)/gi, ''],
  [
    /\b(?:https?|wss?|ftp):\/\/(?:www\.)?([\p{L}\p{N}.-]*[\p{L}\p{N}])(?:[:/?#](?:[^\s<>()"'*`]*[^\s<>()"'*`.,;:!?])?)?/giu,
    '$1',
  ],
  [/<!--.*?-->|<\/?[a-z][^<>]*>/gi, ' '],
  [/&nbsp;/g, ' '],
  [/&quot;/g, '"'],
  [/&#39;/g, "'"],
  [/&lt;/g, '<'],
  [/&gt;/g, '>'],
  [/&amp;/g, '&'],
  // Emphasis and code keep their words. A star or line with space on both sides is not emphasis.
  [/~~|\*\*|`+/g, ''],
  [/(?<=^|[\s\p{P}])[*_]+(?=\S)|(?<=\S)[*_]+(?=$|[\s\p{P}])/gu, ''],
  [/(?<=[\p{L}\p{N}])_+(?=[\p{L}\p{N}])/gu, ' '],
  // Emoji and what modifies them: skin tones, flags, variation selectors, keycaps.
  [/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u{FE0E}|\u{FE0F}|\u{20E3}/gu, ' '],
  // Control and format characters, among them the joiners of emoji.
  [/[^\P{C}\s]/gu, ''],
  [/\s+/g, ' '],
  [/ (?=[.,;:!?)]+(?:\s|$))/g, ''],
];

/** A line of Markdown as it is said: without marks, addresses and emoji. */
export function cleanInline(text: string): string {
  return REPLACEMENTS.reduce((line, [pattern, said]) => line.replace(pattern, said), text).trim();
}
