import { useMemo } from 'react';
import { useLanguage } from '../../language/language-provider.tsx';

/** Writes a number with two decimals as the language of the page does. */
export function useDecimal(): (value: number) => string {
  const { language } = useLanguage();
  return useMemo(() => {
    const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    const numbers = new Intl.NumberFormat(language, digits);
    return (value) => numbers.format(value);
  }, [language]);
}
