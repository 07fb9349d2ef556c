import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { type Language, preferredLanguage, rememberLanguage, type Text } from './language.ts';

interface Chosen {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const LanguageContext = createContext<Chosen>({ language: 'en', choose: () => {} });

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState(preferredLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const chosen = useMemo<Chosen>(
    () => ({
      language,
      choose: (next) => {
        rememberLanguage(next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <LanguageContext value={chosen}>{children}</LanguageContext>;
}

export function useLanguage(): Chosen {
  return use(LanguageContext);
}

/** The words of a part of the page, in the language that is chosen. */
export function useText<Words>(text: Text<Words>): Words {
  return text[use(LanguageContext).language];
}
