/**
 * The words that short sentences have, by BCP 47 language. What is a word of English as well stands under English
 * alone, so that an English sentence is never taken for another.
 */
const WORDS: Readonly<Record<string, string>> = {
  en: `the a an and or but of to in on at for with from by is are was were be been it its this that these those i you
    he she we they my your his her our their me him them us not no yes do does did have has had can could will would
    should what which who how when where why there here as if so than then very just please thank thanks hello hi
    about into over under out up down all some any more most one`,
  sv: `och att det är jag du han hon vi som en ett av på med till för inte har kan ska vill om den de dig mig sig var
    vad hur när hej tack ja nej också eller men från mycket bara så här där morgon god detta alla går finns kostar`,
  da: `og at det er jeg du han hun vi som en et af på med til ikke har kan skal vil om den de dig mig sig hvad hvordan
    hvor hej tak ja nej også eller fra meget bare så her der godmorgen dette`,
  no: `og å det er jeg du han hun vi som en et av på med til ikke har kan skal vil om den de deg meg seg hva hvordan
    hvor hei takk ja nei også eller fra mye bare så her der dette`,
  de: `und der das ist ich sie wir ihr ein eine einen nicht mit von zu auf für im dem den des auch wie wo wer oder
    aber haben kann wird sind bin bist guten hallo danke ja nein bitte sehr vielen dank`,
  fr: `et le la les des un une est je tu il elle nous vous ils que qui dans avec sur pas ne au aux du de ce cette son
    mais bonjour merci oui non bien très comment où quel quelle à suis sont votre s'il c'est j'ai`,
  es: `y el la los las un una es que en con por para del al se su lo le más pero como hola gracias sí está qué cómo
    dónde muy yo tú usted de muchas buenos días`,
  it: `e il la gli un una è che di non con per del della sono si lo ma come ciao grazie sì molto questo cosa dove più
    buongiorno anche mille`,
  pt: `e os as um uma é que em com não do da dos das se mas como olá obrigado obrigada sim está muito você eu de para
    por onde qual bom dia`,
  nl: `het een en van ik je jij hij zij wij niet dat deze met voor op te zijn hebben kan wordt ook maar hoe wat waar
    hallo bedankt dank ja nee goed goedemorgen gaat`,
  fi: `ja on ei että se hän minä sinä mitä missä miten kuinka oli ovat mutta tai kun niin myös hei kiitos kyllä hyvää
    huomenta tämä kuuluu olen en`,
};

const LANGUAGES_OF_WORD: ReadonlyMap<string, readonly string[]> = indexed();

/** How many of `words`, in lower case, are common ones, for each language that has any. */
export function countCommonWords(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) {
    for (const language of LANGUAGES_OF_WORD.get(word) ?? [])
      counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return counts;
}

export function hasCommonWords(language: string): boolean {
  return Object.hasOwn(WORDS, language);
}

function indexed(): Map<string, readonly string[]> {
  const index = new Map<string, readonly string[]>();
  for (const [language, words] of Object.entries(WORDS)) {
    for (const word of words.split(/\s+/)) {
      const known = index.get(word) ?? [];
      // English comes first, and what it has no other language gets.
      if (!known.includes('en')) index.set(word, [...known, language]);
    }
  }
  return index;
}
