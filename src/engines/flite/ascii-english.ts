const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** What flite spells out or passes over, as it is said in English. */
const SPOKEN: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[] = [
  [/[‘’‚′]/g, "'"],
  [/[“”„«»″]/g, '"'],
  [/…/g, '... '],
  [/[–—]/g, ', '],
  [/\b(\d{4})-(\d{2})-(\d{2})\b/g, toDate],
  [/([€£¥])\s?(\d[\d.,]*)( (?:thousand|million|billion|trillion))?/g, toMoney],
  [/(\d)\s?€/g, '$1 euros'],
  [/(\d)\s?£/g, '$1 pounds'],
  [/°\s?C\b/g, ' degrees Celsius'],
  [/°\s?F\b/g, ' degrees Fahrenheit'],
  [/°/g, ' degrees '],
  [/(\d)\s?km\/h\b/gi, '$1 kilometers per hour'],
  [/(\d)\s?m\/s\b/g, '$1 meters per second'],
  [/(\d)\s?mph\b/g, '$1 miles per hour'],
  [/(\d)\s?kWh\b/g, '$1 kilowatt hours'],
  [/\be\.g\.,?/gi, 'for example'],
  [/\bi\.e\.,?/gi, 'that is'],
  [/\betc\./gi, 'et cetera.'],
  [/\bvs\.?(?=\s)/gi, 'versus'],
  [/\s?&\s?/g, ' and '],
  [/(?<=\S)@(?=\S)/g, ' at '],
  [/(?<=\p{L}[\p{L}\d-]*)\.(?=\p{Ll}{2})/gu, ' dot '],
  [/(?<=\d)\s?[×]\s?(?=\d)|(?<=\d) [x*] (?=\d)/g, ' times '],
  [/(?<=[\d\s])\+(?=[\d\s])/g, ' plus '],
  [/=/g, ' equals '],
  [/#(?=\d)/g, 'number '],
  [/(?<=\p{L})\/(?=\p{L})/gu, ' '],
  [/ß/g, 'ss'],
  [/[æÆ]/g, 'ae'],
  [/[øØ]/g, 'o'],
  [/[œŒ]/g, 'oe'],
];

/** English as flite reads it best: seven-bit letters, with dates, money and signs written as they are said. */
export function toAsciiEnglish(text: string): string {
  return SPOKEN.reduce((spoken, [pattern, said]) => replace(spoken, pattern, said), text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7E]/g, ' ')
    .replace(/[<>[\]{}|\\^~`_*]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function replace(text: string, pattern: RegExp, said: string | ((...found: string[]) => string)): string {
  return typeof said === 'string' ? text.replace(pattern, said) : text.replace(pattern, said);
}

function toDate(iso: string, year: string, month: string, day: string): string {
  const name = MONTHS[Number(month) - 1];
  return name && Number(day) >= 1 && Number(day) <= 31 ? `${name} ${Number(day)}, ${year}` : iso;
}

function toMoney(_money: string, sign: string, amount: string, magnitude = ''): string {
  const currency = sign === '€' ? 'euros' : sign === '£' ? 'pounds' : 'yen';
  const number = amount.replace(/[.,]$/, '');
  return `${number}${magnitude} ${currency}${amount.slice(number.length)}`;
}
