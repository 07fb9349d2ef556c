import type { Text } from '../language/language.ts';

interface Words {
  readonly close: string;
  readonly copy: string;
  readonly copied: string;
  readonly failed: string;
  readonly play: string;
  readonly pause: string;
  readonly position: string;
  readonly download: string;
  readonly unplayable: string;
  readonly fields: (count: number) => string;
  readonly entries: (count: number) => string;
  readonly characters: (count: number) => string;
  readonly wrong: string;
  readonly requestId: string;
  readonly retry: string;
  /** What to do about an answer of this status. */
  readonly advice: Readonly<Record<'0' | '401' | '403' | '404' | '413' | '429' | '503' | 'other', string>>;
}

export const text: Text<Words> = {
  en: {
    close: 'Close',
    copy: 'Copy',
    copied: 'Copied',
    failed: 'Could not copy',
    play: 'Play',
    pause: 'Pause',
    position: 'Position',
    download: 'Download',
    unplayable: 'This browser can not play the format. Download it to listen.',
    fields: (count) => (count === 1 ? '1 field' : `${count} fields`),
    entries: (count) => (count === 1 ? '1 entry' : `${count} entries`),
    characters: (count) => `${count.toLocaleString('en')} characters`,
    wrong: 'That did not work',
    requestId: 'Request id',
    retry: 'Try again',
    advice: {
      '0': 'Start the server, then try again.',
      '401': 'Sign out and sign in again with a key of this server.',
      '403': 'Ask whoever runs the server for the role “contributor”.',
      '404': 'Look at Deployments for what there is.',
      '413': 'Send less, or shorter audio.',
      '429': 'Wait a moment, then try again.',
      '503': 'Wait a moment, then try again.',
      other: 'The server’s log tells more about this request.',
    },
  },
  sv: {
    close: 'Stäng',
    copy: 'Kopiera',
    copied: 'Kopierat',
    failed: 'Gick inte att kopiera',
    play: 'Spela upp',
    pause: 'Pausa',
    position: 'Läge',
    download: 'Ladda ner',
    unplayable: 'Webbläsaren kan inte spela upp formatet. Ladda ner ljudet för att lyssna.',
    fields: (count) => (count === 1 ? '1 fält' : `${count} fält`),
    entries: (count) => (count === 1 ? '1 post' : `${count} poster`),
    characters: (count) => `${count.toLocaleString('sv')} tecken`,
    wrong: 'Det gick inte',
    requestId: 'Begärans id',
    retry: 'Försök igen',
    advice: {
      '0': 'Starta servern och försök igen.',
      '401': 'Logga ut och logga in igen med en av serverns nycklar.',
      '403': 'Be den som sköter servern om rollen ”contributor”.',
      '404': 'Se efter under Driftsättningar vad som finns.',
      '413': 'Skicka mindre, eller kortare ljud.',
      '429': 'Vänta en stund och försök igen.',
      '503': 'Vänta en stund och försök igen.',
      other: 'I serverns logg står mer om begäran.',
    },
  },
  fr: {
    close: 'Fermer',
    copy: 'Copier',
    copied: 'Copié',
    failed: 'Copie impossible',
    play: 'Lire',
    pause: 'Pause',
    position: 'Position',
    download: 'Télécharger',
    unplayable: 'Ce navigateur ne lit pas ce format. Téléchargez le fichier pour l’écouter.',
    fields: (count) => (count === 1 ? '1 champ' : `${count} champs`),
    entries: (count) => (count === 1 ? '1 élément' : `${count} éléments`),
    characters: (count) => `${count.toLocaleString('fr')} caractères`,
    wrong: 'Échec de la demande',
    requestId: 'Identifiant de la requête',
    retry: 'Réessayer',
    advice: {
      '0': 'Démarrez le serveur, puis réessayez.',
      '401': 'Déconnectez-vous, puis reconnectez-vous avec une clé de ce serveur.',
      '403': 'Demandez le rôle « contributor » à la personne qui gère le serveur.',
      '404': 'Voyez sous Déploiements ce qui existe.',
      '413': 'Envoyez moins de données, ou un son plus court.',
      '429': 'Patientez un instant, puis réessayez.',
      '503': 'Patientez un instant, puis réessayez.',
      other: 'Le journal du serveur en dit plus sur cette requête.',
    },
  },
};
