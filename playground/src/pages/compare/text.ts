import type { Text } from '../../language/language.ts';

interface Words {
  readonly title: string;
  readonly help: string;
  readonly question: string;
  readonly record: string;
  readonly stopRecording: string;
  readonly chooseFile: string;
  readonly dropHelp: string;
  readonly unreadable: string;
  readonly full: string;
  readonly ask: string;
  readonly stop: string;
  readonly side: (letter: string) => string;
  readonly heard: string;
  readonly answered: string;
  readonly answer: string;
  readonly waiting: string;
  readonly nothing: string;
  readonly latency: string;
  readonly asked: string;
  readonly done: string;
}

export const text: Text<Words> = {
  en: {
    title: 'Compare',
    help: 'Ask two deployments, or one with two settings, the same recorded question.',
    question: 'The question',
    record: 'Record',
    stopRecording: 'Stop recording',
    chooseFile: 'Choose a file',
    dropHelp: 'or drop a sound file here',
    unreadable: 'This browser can not decode the file. Try a WAV, MP3, FLAC or Ogg file.',
    full: 'The recording ended by itself after 7 minutes, the most that is kept.',
    ask: 'Ask both',
    stop: 'Stop',
    side: (letter) => `Side ${letter}`,
    heard: 'Heard',
    answered: 'Answered',
    answer: 'Answer',
    waiting: 'Waiting…',
    nothing: 'Nothing',
    latency: 'Latency',
    asked: 'Asking both…',
    done: 'Both have answered.',
  },
  sv: {
    title: 'Jämför',
    help: 'Ställ samma inspelade fråga till två driftsättningar, eller till en med olika inställningar.',
    question: 'Frågan',
    record: 'Spela in',
    stopRecording: 'Stoppa inspelningen',
    chooseFile: 'Välj en fil',
    dropHelp: 'eller släpp en ljudfil här',
    unreadable: 'Webbläsaren kan inte avkoda filen. Prova en WAV-, MP3-, FLAC- eller Ogg-fil.',
    full: 'Inspelningen är full: mer än 7 minuter sparas inte.',
    ask: 'Fråga båda',
    stop: 'Stoppa',
    side: (letter) => `Sida ${letter}`,
    heard: 'Uppfattade',
    answered: 'Svarade',
    answer: 'Svar',
    waiting: 'Väntar …',
    nothing: 'Ingenting',
    latency: 'Fördröjning',
    asked: 'Frågar båda …',
    done: 'Båda har svarat.',
  },
  fr: {
    title: 'Comparer',
    help: 'Posez la même question enregistrée à deux déploiements, ou à un seul avec deux réglages.',
    question: 'La question',
    record: 'Enregistrer',
    stopRecording: 'Arrêter l’enregistrement',
    chooseFile: 'Choisir un fichier',
    dropHelp: 'ou déposez un fichier son ici',
    unreadable: 'Ce navigateur ne peut pas décoder le fichier. Essayez WAV, MP3, FLAC ou Ogg.',
    full: 'L’enregistrement s’est arrêté au bout de 7 minutes, la durée maximale.',
    ask: 'Interroger les deux',
    stop: 'Arrêter',
    side: (letter) => `Côté ${letter}`,
    heard: 'A entendu',
    answered: 'A répondu',
    answer: 'Réponse',
    waiting: 'En attente…',
    nothing: 'Rien',
    latency: 'Latence',
    asked: 'Interrogation des deux…',
    done: 'Les deux ont répondu.',
  },
};
