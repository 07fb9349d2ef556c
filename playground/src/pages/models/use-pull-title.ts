import { useCallback } from 'react';
import { languageNames } from '../../language/language-names.ts';
import { useLanguage, useText } from '../../language/language-provider.tsx';
import type { Library } from '../../server/models.ts';
import { text } from './text.ts';

/** What models and presets are called on the page, for the names that the server knows them by. */
export function usePullTitle(library: Library | undefined): (names: readonly string[]) => string {
  const words = useText(text);
  const { language } = useLanguage();
  return useCallback(
    (names) => {
      const titleOf = (name: string): string => {
        const model = library?.models.find((one) => one.name === name);
        const spoken = /^(?:[a-z]+-)?([a-z]{2,3})$/.exec(name)?.[1];
        const isPreset = library?.presets.some((preset) => preset.name === spoken) ?? false;
        if (spoken === undefined || !isPreset) return model?.title ?? name;
        return words.setFor(languageNames([spoken], language)[0] ?? spoken);
      };
      return names.map(titleOf).join(', ');
    },
    [library, words, language],
  );
}
