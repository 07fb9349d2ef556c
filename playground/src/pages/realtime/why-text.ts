import type { Text } from '../../language/language.ts';
import type { Stage } from '../../realtime/timeline.ts';

interface Words {
  readonly why: string;
  readonly events: string;
  readonly latency: string;
  readonly tokens: string;
  readonly recording: string;
  readonly code: string;
  readonly filter: string;
  readonly direction: string;
  readonly both: string;
  readonly sent: string;
  readonly received: string;
  readonly copyLog: string;
  readonly exportLog: string;
  readonly importLog: string;
  readonly backToSession: string;
  readonly imported: (name: string) => string;
  readonly notImported: (reason: string) => string;
  readonly noEvents: string;
  readonly noneMatch: string;
  readonly showEarlier: (count: number) => string;
  readonly folded: (count: number) => string;
  readonly eventJson: string;
  readonly noTurns: string;
  readonly turn: (number: number) => string;
  readonly stages: Readonly<Record<Stage, string>>;
  readonly stage: string;
  readonly took: string;
  readonly since: string;
  readonly source: string;
  readonly sources: Readonly<Record<'server' | 'page', string>>;
  readonly sourceHelp: string;
  readonly total: (ms: string) => string;
  readonly noTokens: string;
  readonly response: string;
  readonly inputText: string;
  readonly inputAudio: string;
  readonly cached: string;
  readonly outputText: string;
  readonly outputAudio: string;
  readonly all: string;
  readonly sum: string;
  readonly rateLimits: string;
  readonly remaining: (remaining: number, limit: number, seconds: number) => string;
  readonly noRecording: string;
  readonly recordingHelp: string;
  readonly bothSides: string;
  readonly makeRecording: string;
  readonly statuses: Readonly<Record<string, string>>;
}

const en: Words = {
  why: 'Why',
  events: 'Events',
  latency: 'Latency',
  tokens: 'Tokens',
  recording: 'Recording',
  code: 'Code',
  filter: 'Filter events',
  direction: 'Direction',
  both: 'Both',
  sent: 'Sent',
  received: 'Received',
  copyLog: 'Copy',
  exportLog: 'Export',
  importLog: 'Import',
  backToSession: 'Back to the session',
  imported: (name) => `Shown: ${name}`,
  notImported: (reason) => `The file could not be read. ${reason}`,
  noEvents: 'Every event of the session stands here, in both directions.',
  noneMatch: 'No event matches.',
  showEarlier: (count) => `Show ${count} earlier`,
  folded: (count) => `${count} events, folded`,
  eventJson: 'Event',
  noTurns: 'Where the time of each turn goes stands here.',
  turn: (number) => `Turn ${number}`,
  stages: {
    speechEnd: 'End of speech',
    endpoint: 'Turn taken as ended',
    transcript: 'Transcript',
    firstToken: 'First token',
    firstAudio: 'First audio sent',
    firstHeard: 'First audio played',
  },
  stage: 'Step',
  took: 'Took',
  since: 'Since the beginning',
  source: 'Clock',
  sources: { server: 'Server', page: 'This page' },
  sourceHelp:
    'A step by the server’s clock is a mark of its own; by this page’s clock it is when the event came here.',
  total: (ms) => `${ms} in all`,
  noTokens: 'What each answer took stands here.',
  response: 'Answer',
  inputText: 'Text in',
  inputAudio: 'Audio in',
  cached: 'Cached',
  outputText: 'Text out',
  outputAudio: 'Audio out',
  all: 'All',
  sum: 'Sum',
  rateLimits: 'Rate limits',
  remaining: (remaining, limit, seconds) => `${remaining} of ${limit} left, new in ${seconds} s`,
  noRecording: 'What both sides said can be played and saved here.',
  recordingHelp: 'Left is what you said, right is what the loudspeaker gave out.',
  bothSides: 'Both sides',
  makeRecording: 'Make the recording anew',
  statuses: {
    completed: 'completed',
    cancelled: 'interrupted',
    incomplete: 'cut short',
    failed: 'failed',
    in_progress: 'being given',
  },
};

const sv: Words = {
  why: 'Varför',
  events: 'Händelser',
  latency: 'Fördröjning',
  tokens: 'Token',
  recording: 'Inspelning',
  code: 'Kod',
  filter: 'Filtrera händelser',
  direction: 'Riktning',
  both: 'Båda',
  sent: 'Skickade',
  received: 'Mottagna',
  copyLog: 'Kopiera',
  exportLog: 'Exportera',
  importLog: 'Importera',
  backToSession: 'Tillbaka till sessionen',
  imported: (name) => `Visas: ${name}`,
  notImported: (reason) => `Filen gick inte att läsa. ${reason}`,
  noEvents: 'Här visas alla sessionens händelser, i båda riktningarna.',
  noneMatch: 'Ingen händelse stämmer.',
  showEarlier: (count) => `Visa ${count} tidigare`,
  folded: (count) => `${count} händelser, hopvikta`,
  eventJson: 'Händelse',
  noTurns: 'Här visas vart tiden i varje tur tar vägen.',
  turn: (number) => `Tur ${number}`,
  stages: {
    speechEnd: 'Talets slut',
    endpoint: 'Turen ansågs slut',
    transcript: 'Transkription',
    firstToken: 'Första token',
    firstAudio: 'Första ljud skickat',
    firstHeard: 'Första ljud uppspelat',
  },
  stage: 'Steg',
  took: 'Tog',
  since: 'Från början',
  source: 'Klocka',
  sources: { server: 'Servern', page: 'Sidan' },
  sourceHelp:
    'Steg enligt serverns klocka är serverns egna märken. Enligt sidans klocka är det när händelsen kom hit.',
  total: (ms) => `${ms} totalt`,
  noTokens: 'Här visas vad varje svar har kostat.',
  response: 'Svar',
  inputText: 'Text in',
  inputAudio: 'Ljud in',
  cached: 'Cachade',
  outputText: 'Text ut',
  outputAudio: 'Ljud ut',
  all: 'Alla',
  sum: 'Summa',
  rateLimits: 'Begränsningar',
  remaining: (remaining, limit, seconds) => `${remaining} av ${limit} kvar, nya om ${seconds} s`,
  noRecording: 'Här kan det som sagts på båda sidor spelas upp och sparas.',
  recordingHelp: 'Till vänster hörs du, till höger det som högtalaren spelade.',
  bothSides: 'Båda sidor',
  makeRecording: 'Gör om inspelningen',
  statuses: {
    completed: 'klart',
    cancelled: 'avbrutet',
    incomplete: 'avkortat',
    failed: 'misslyckat',
    in_progress: 'pågår',
  },
};

const fr: Words = {
  why: 'Pourquoi',
  events: 'Événements',
  latency: 'Latence',
  tokens: 'Jetons',
  recording: 'Enregistrement',
  code: 'Code',
  filter: 'Filtrer les événements',
  direction: 'Sens',
  both: 'Les deux',
  sent: 'Envoyés',
  received: 'Reçus',
  copyLog: 'Copier',
  exportLog: 'Exporter',
  importLog: 'Importer',
  backToSession: 'Revenir à la session',
  imported: (name) => `Affiché : ${name}`,
  notImported: (reason) => `Le fichier n’a pas pu être lu. ${reason}`,
  noEvents: 'Tous les événements de la session s’affichent ici, dans les deux sens.',
  noneMatch: 'Aucun événement ne correspond.',
  showEarlier: (count) => `Afficher ${count} plus anciens`,
  folded: (count) => `${count} événements regroupés`,
  eventJson: 'Événement',
  noTurns: 'Le temps que prend chaque tour s’affiche ici.',
  turn: (number) => `Tour ${number}`,
  stages: {
    speechEnd: 'Fin de la parole',
    endpoint: 'Tour jugé terminé',
    transcript: 'Transcription',
    firstToken: 'Premier jeton',
    firstAudio: 'Premier son envoyé',
    firstHeard: 'Premier son joué',
  },
  stage: 'Étape',
  took: 'Durée',
  since: 'Depuis le début',
  source: 'Horloge',
  sources: { server: 'Serveur', page: 'Cette page' },
  sourceHelp:
    'À l’horloge du serveur, l’étape est un repère de celui-ci ; à celle de la page, c’est l’arrivée de l’événement.',
  total: (ms) => `${ms} en tout`,
  noTokens: 'Ce que chaque réponse a consommé s’affiche ici.',
  response: 'Réponse',
  inputText: 'Texte reçu',
  inputAudio: 'Son reçu',
  cached: 'En cache',
  outputText: 'Texte produit',
  outputAudio: 'Son produit',
  all: 'Total',
  sum: 'Somme',
  rateLimits: 'Limites de débit',
  remaining: (remaining, limit, seconds) => `${remaining} sur ${limit}, renouvelés dans ${seconds} s`,
  noRecording: 'Ce qui a été dit des deux côtés s’écoute et s’enregistre ici.',
  recordingHelp: 'À gauche, ce que vous avez dit ; à droite, ce que le haut-parleur a joué.',
  bothSides: 'Les deux côtés',
  makeRecording: 'Refaire l’enregistrement',
  statuses: {
    completed: 'terminée',
    cancelled: 'interrompue',
    incomplete: 'écourtée',
    failed: 'échouée',
    in_progress: 'en cours',
  },
};

export const whyText: Text<Words> = { en, sv, fr };
