import type { Text } from '../language/language.ts';

interface Words {
  readonly language: string;
  readonly access: string;
  readonly keyless: string;
  readonly key: string;
  readonly setup: string;
}

export const text: Text<Words> = {
  en: {
    language: 'Programming language',
    access: 'Credential',
    keyless: 'Without a key',
    key: 'With a key',
    setup: 'Once, in the shell',
  },
  sv: {
    language: 'Programspråk',
    access: 'Behörighet',
    keyless: 'Utan nyckel',
    key: 'Med nyckel',
    setup: 'En gång, i skalet',
  },
  fr: {
    language: 'Langage de programmation',
    access: 'Authentification',
    keyless: 'Sans clé',
    key: 'Avec une clé',
    setup: 'Une fois, dans le shell',
  },
};
