import type { Text } from '../../language/language.ts';

interface Words {
  readonly title: string;
  readonly conversation: string;
  readonly emptyTitle: string;
  readonly emptyHelp: string;
  readonly startListening: string;
  readonly stopListening: string;
  readonly holdToTalk: string;
  readonly letGo: string;
  readonly holdHelp: string;
  readonly endSession: string;
  readonly message: string;
  readonly messagePlaceholder: string;
  readonly send: string;
  readonly interrupt: string;
  readonly settings: string;
  readonly status: Readonly<
    Record<'idle' | 'connecting' | 'live' | 'opening' | 'listening' | 'hearing' | 'answering', string>
  >;
  readonly you: string;
  readonly assistant: string;
  readonly system: string;
  readonly listeningTo: string;
  readonly transcribing: string;
  readonly notWritten: string;
  readonly noWords: string;
  readonly notHeard: string;
  readonly interrupted: string;
  readonly noTranscript: (reason: string) => string;
  readonly replay: string;
  readonly called: (name: string) => string;
  readonly callArguments: string;
  readonly callOutput: string;
  readonly callWaits: string;
  readonly meterScore: string;
  readonly meterLevel: string;
  readonly meterThreshold: (value: string) => string;
  readonly dropped: string;
  readonly droppedHelp: string;
  readonly refused: string;
  readonly refusedHelp: string;
  readonly closeCode: (code: number) => string;
  readonly connectAgain: string;
  readonly microphoneFaults: Readonly<Record<string, string>>;
  readonly microphoneFault: string;
  readonly serverSays: string;
  readonly noDeployment: string;
}

const en: Words = {
  title: 'Realtime',
  conversation: 'Conversation',
  emptyTitle: 'Say something',
  emptyHelp:
    'Start listening and speak, or type below. Speak while the answer sounds, and it stops to hear you.',
  startListening: 'Start listening',
  stopListening: 'Stop listening',
  holdToTalk: 'Hold to talk',
  letGo: 'Let go to send',
  holdHelp: 'Hold the button, or the space bar while it has the focus.',
  endSession: 'End session',
  message: 'Message',
  messagePlaceholder: 'Type instead of speaking',
  send: 'Send',
  interrupt: 'Interrupt',
  settings: 'Settings',
  status: {
    idle: 'No session',
    connecting: 'Connecting…',
    live: 'Connected',
    opening: 'Opening the microphone…',
    listening: 'Listening',
    hearing: 'Hears you',
    answering: 'Answering',
  },
  you: 'You',
  assistant: 'Assistant',
  system: 'System',
  listeningTo: 'Listening…',
  transcribing: 'Writing down…',
  notWritten: 'Spoken, and not written down.',
  noWords: 'Nothing was understood.',
  notHeard: 'Not heard:',
  interrupted: 'interrupted',
  noTranscript: (reason) => `No transcript: ${reason}`,
  replay: 'Replay',
  called: (name) => `Called ${name}`,
  callArguments: 'Arguments',
  callOutput: 'Answer',
  callWaits: 'Waiting for the answer…',
  meterScore: 'Voice activity, as the server scores it',
  meterLevel: 'Input level (this server sends no voice activity score)',
  meterThreshold: (value) => `Threshold ${value}`,
  dropped: 'The connection was lost',
  droppedHelp: 'The conversation above stays to be read. A new connection begins a new one.',
  refused: 'No session came about',
  refusedHelp: 'Check that the server runs, that the deployment exists and that your key may use it.',
  closeCode: (code) => `close code ${code}`,
  connectAgain: 'Connect again',
  microphoneFaults: {
    NotAllowedError:
      'The browser does not let this page hear. Allow the microphone beside the address, then start again.',
    NotFoundError: 'No microphone was found. Plug one in, then start again.',
    NotReadableError: 'The microphone can not be read. Perhaps another program holds it.',
    OverconstrainedError: 'The chosen microphone is gone. Choose another in the settings.',
    SecurityError: 'Browsers open a microphone only over HTTPS or on localhost.',
  },
  microphoneFault: 'The microphone could not be opened.',
  serverSays: 'The server refused something',
  noDeployment: 'Choose a deployment in the settings first.',
};

const sv: Words = {
  title: 'Realtid',
  conversation: 'Samtal',
  emptyTitle: 'Säg något',
  emptyHelp:
    'Börja lyssna och tala, eller skriv nedan. Tala medan svaret hörs, så tystnar det och lyssnar på dig.',
  startListening: 'Börja lyssna',
  stopListening: 'Sluta lyssna',
  holdToTalk: 'Håll in och tala',
  letGo: 'Släpp för att skicka',
  holdHelp: 'Håll in knappen, eller mellanslag när knappen har fokus.',
  endSession: 'Avsluta sessionen',
  message: 'Meddelande',
  messagePlaceholder: 'Skriv i stället för att tala',
  send: 'Skicka',
  interrupt: 'Avbryt svaret',
  settings: 'Inställningar',
  status: {
    idle: 'Ingen session',
    connecting: 'Ansluter …',
    live: 'Ansluten',
    opening: 'Öppnar mikrofonen …',
    listening: 'Lyssnar',
    hearing: 'Hör dig',
    answering: 'Svarar',
  },
  you: 'Du',
  assistant: 'Assistenten',
  system: 'Systemet',
  listeningTo: 'Lyssnar …',
  transcribing: 'Skriver ner …',
  notWritten: 'Talat, inte nedskrivet.',
  noWords: 'Inget kunde uppfattas.',
  notHeard: 'Hördes inte:',
  interrupted: 'avbrutet',
  noTranscript: (reason) => `Ingen transkription: ${reason}`,
  replay: 'Spela upp igen',
  called: (name) => `Anropade ${name}`,
  callArguments: 'Argument',
  callOutput: 'Svar',
  callWaits: 'Väntar på svaret …',
  meterScore: 'Röstaktivitet, som servern bedömer den',
  meterLevel: 'Ljudnivå in (servern skickar ingen röstaktivitet)',
  meterThreshold: (value) => `Tröskel ${value}`,
  dropped: 'Anslutningen bröts',
  droppedHelp: 'Samtalet ovan finns kvar att läsa. En ny anslutning börjar ett nytt samtal.',
  refused: 'Ingen session kunde öppnas',
  refusedHelp:
    'Kontrollera att servern är igång, att driftsättningen finns och att din nyckel får använda den.',
  closeCode: (code) => `stängningskod ${code}`,
  connectAgain: 'Anslut igen',
  microphoneFaults: {
    NotAllowedError:
      'Webbläsaren låter inte sidan lyssna. Tillåt mikrofonen bredvid adressen och börja sedan om.',
    NotFoundError: 'Ingen mikrofon hittades. Anslut en och börja sedan om.',
    NotReadableError: 'Mikrofonen går inte att läsa. Kanske används den av ett annat program.',
    OverconstrainedError: 'Den valda mikrofonen finns inte längre. Välj en annan i inställningarna.',
    SecurityError: 'Webbläsare öppnar mikrofonen bara över HTTPS eller på localhost.',
  },
  microphoneFault: 'Mikrofonen kunde inte öppnas.',
  serverSays: 'Servern avvisade något',
  noDeployment: 'Välj först en driftsättning i inställningarna.',
};

const fr: Words = {
  title: 'Temps réel',
  conversation: 'Conversation',
  emptyTitle: 'Dites quelque chose',
  emptyHelp:
    'Lancez l’écoute et parlez, ou écrivez ci-dessous. Parlez pendant la réponse : elle s’arrête pour vous écouter.',
  startListening: 'Lancer l’écoute',
  stopListening: 'Arrêter l’écoute',
  holdToTalk: 'Maintenir pour parler',
  letGo: 'Relâcher pour envoyer',
  holdHelp: 'Maintenez le bouton, ou la barre d’espace quand il a le focus.',
  endSession: 'Terminer la session',
  message: 'Message',
  messagePlaceholder: 'Écrire au lieu de parler',
  send: 'Envoyer',
  interrupt: 'Interrompre',
  settings: 'Réglages',
  status: {
    idle: 'Aucune session',
    connecting: 'Connexion…',
    live: 'Connecté',
    opening: 'Ouverture du micro…',
    listening: 'À l’écoute',
    hearing: 'Vous entend',
    answering: 'Répond',
  },
  you: 'Vous',
  assistant: 'Assistant',
  system: 'Système',
  listeningTo: 'À l’écoute…',
  transcribing: 'Transcription…',
  notWritten: 'Dit, sans transcription.',
  noWords: 'Rien n’a été compris.',
  notHeard: 'Non entendu :',
  interrupted: 'interrompu',
  noTranscript: (reason) => `Pas de transcription : ${reason}`,
  replay: 'Réécouter',
  called: (name) => `Appel de ${name}`,
  callArguments: 'Arguments',
  callOutput: 'Réponse',
  callWaits: 'En attente de la réponse…',
  meterScore: 'Activité vocale, selon le serveur',
  meterLevel: 'Niveau d’entrée (ce serveur n’envoie pas de score d’activité vocale)',
  meterThreshold: (value) => `Seuil ${value}`,
  dropped: 'La connexion a été perdue',
  droppedHelp: 'La conversation ci-dessus reste lisible. Une nouvelle connexion en commence une autre.',
  refused: 'La session n’a pas pu s’ouvrir',
  refusedHelp:
    'Vérifiez que le serveur fonctionne, que le déploiement existe et que votre clé y donne droit.',
  closeCode: (code) => `code de fermeture ${code}`,
  connectAgain: 'Se reconnecter',
  microphoneFaults: {
    NotAllowedError:
      'Le navigateur ne laisse pas cette page écouter. Autorisez le micro à côté de l’adresse, puis recommencez.',
    NotFoundError: 'Aucun micro n’a été trouvé. Branchez-en un, puis recommencez.',
    NotReadableError: 'Le micro ne peut pas être lu. Un autre programme l’utilise peut-être.',
    OverconstrainedError: 'Le micro choisi n’est plus là. Choisissez-en un autre dans les réglages.',
    SecurityError: 'Les navigateurs n’ouvrent le micro qu’en HTTPS ou sur localhost.',
  },
  microphoneFault: 'Le micro n’a pas pu être ouvert.',
  serverSays: 'Le serveur a refusé quelque chose',
  noDeployment: 'Choisissez d’abord un déploiement dans les réglages.',
};

export const text: Text<Words> = { en, sv, fr };
