import type { Text } from '../../language/language.ts';
import type {
  AddressForm,
  AudioFormat,
  RealtimeSettings,
  TurnDetectionSettings,
} from '../../realtime/settings.ts';
import type { ToolFault } from '../../realtime/tool-setting.ts';

interface Words {
  readonly session: string;
  readonly address: string;
  readonly addresses: Readonly<Record<AddressForm, string>>;
  readonly fixed: string;
  readonly deployment: string;
  readonly ofDeployment: string;
  readonly voice: string;
  readonly instructions: string;
  readonly temperature: string;
  readonly speed: string;
  readonly modality: string;
  readonly modalities: Readonly<Record<RealtimeSettings['modality'], string>>;
  readonly maxOutputTokens: string;
  readonly noBound: string;
  readonly turns: string;
  readonly turnDetection: string;
  readonly turnDetections: Readonly<Record<TurnDetectionSettings['type'], string>>;
  readonly turnHelp: Readonly<Record<TurnDetectionSettings['type'], string>>;
  readonly threshold: string;
  readonly prefixPadding: string;
  readonly silenceDuration: string;
  readonly idleTimeout: string;
  readonly eagerness: string;
  readonly eagernesses: Readonly<Record<TurnDetectionSettings['eagerness'], string>>;
  readonly createResponse: string;
  readonly interruptResponse: string;
  readonly hearing: string;
  readonly transcription: string;
  readonly transcriptionModel: string;
  readonly transcriptionLanguage: string;
  readonly languageHelp: string;
  readonly noiseReduction: string;
  readonly noiseReductions: Readonly<Record<RealtimeSettings['noiseReduction'], string>>;
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly formats: Readonly<Record<AudioFormat, string>>;
  readonly devices: string;
  readonly microphone: string;
  readonly loudspeaker: string;
  readonly standardDevice: string;
  readonly unnamedDevice: (number: number) => string;
  readonly echoCancellation: string;
  readonly noiseSuppression: string;
  readonly autoGainControl: string;
  readonly tools: string;
  readonly toolChoice: string;
  readonly toolChoices: Readonly<Record<RealtimeSettings['toolChoice'], string>>;
  readonly addTool: string;
  readonly removeTool: (name: string) => string;
  readonly toolName: string;
  readonly toolDescription: string;
  readonly toolParameters: string;
  readonly toolAnswer: string;
  readonly canned: string;
  readonly javascript: string;
  readonly javascriptHelp: string;
  readonly toolFaults: Readonly<Record<ToolFault, string>>;
  readonly reset: string;
  readonly close: string;
}

const en: Words = {
  session: 'Session',
  address: 'Protocol',
  addresses: {
    preview: 'Preview · /openai/realtime',
    ga: 'GA · /openai/v1/realtime',
    openai: 'GA · /v1/realtime',
  },
  fixed: 'Set for the running session; end it to change this.',
  deployment: 'Deployment',
  ofDeployment: 'The deployment’s own',
  voice: 'Voice',
  instructions: 'Instructions',
  temperature: 'Temperature',
  speed: 'Speed',
  modality: 'Answer by',
  modalities: { audio: 'Speech', text: 'Text' },
  maxOutputTokens: 'Most tokens of an answer',
  noBound: 'No bound',
  turns: 'Turns',
  turnDetection: 'Turn detection',
  turnDetections: { server_vad: 'Server', semantic_vad: 'Semantic', none: 'None' },
  turnHelp: {
    server_vad: 'A pause ends your turn.',
    semantic_vad: 'A finished sentence ends your turn.',
    none: 'You end your turn: hold to talk.',
  },
  threshold: 'Threshold',
  prefixPadding: 'Prefix padding',
  silenceDuration: 'Silence duration',
  idleTimeout: 'Idle timeout',
  eagerness: 'Eagerness',
  eagernesses: { auto: 'Auto', low: 'Low', medium: 'Medium', high: 'High' },
  createResponse: 'Answer when a turn ends',
  interruptResponse: 'Speech interrupts the answer',
  hearing: 'Hearing',
  transcription: 'Write down what I say',
  transcriptionModel: 'Transcription model',
  transcriptionLanguage: 'Language spoken',
  languageHelp: 'Such as en, sv or fr; empty to find out',
  noiseReduction: 'Noise reduction',
  noiseReductions: { none: 'None', near_field: 'Near: headset', far_field: 'Far: room' },
  inputFormat: 'Input format',
  outputFormat: 'Output format',
  formats: { pcm16: 'PCM, 24 kHz', g711_ulaw: 'G.711 µ-law, 8 kHz', g711_alaw: 'G.711 A-law, 8 kHz' },
  devices: 'Devices',
  microphone: 'Microphone',
  loudspeaker: 'Loudspeaker',
  standardDevice: 'As the browser chooses',
  unnamedDevice: (number) => `Device ${number}`,
  echoCancellation: 'Echo cancellation',
  noiseSuppression: 'Noise suppression',
  autoGainControl: 'Automatic gain',
  tools: 'Tools',
  toolChoice: 'Tool choice',
  toolChoices: { auto: 'Auto', none: 'None', required: 'Required' },
  addTool: 'Add a tool',
  removeTool: (name) => `Remove ${name}`,
  toolName: 'Name',
  toolDescription: 'Description',
  toolParameters: 'Parameters, as JSON schema',
  toolAnswer: 'Answer',
  canned: 'Fixed text',
  javascript: 'JavaScript',
  javascriptHelp:
    'The body of an async function of “input”, the arguments. It runs in a worker without network or storage.',
  toolFaults: {
    name: '1 to 64 letters, digits, “_” and “-”.',
    parameters: 'This is no JSON object; until it is, the server is not told of this tool.',
  },
  reset: 'Reset settings',
  close: 'Close',
};

const sv: Words = {
  session: 'Session',
  address: 'Protokoll',
  addresses: {
    preview: 'Förhandsversion · /openai/realtime',
    ga: 'GA · /openai/v1/realtime',
    openai: 'GA · /v1/realtime',
  },
  fixed: 'Gäller för den pågående sessionen. Avsluta den för att ändra.',
  deployment: 'Driftsättning',
  ofDeployment: 'Enligt driftsättningen',
  voice: 'Röst',
  instructions: 'Instruktioner',
  temperature: 'Temperatur',
  speed: 'Hastighet',
  modality: 'Svara med',
  modalities: { audio: 'Tal', text: 'Text' },
  maxOutputTokens: 'Högsta antal token i ett svar',
  noBound: 'Ingen gräns',
  turns: 'Turtagning',
  turnDetection: 'Turavkänning',
  turnDetections: { server_vad: 'Server', semantic_vad: 'Semantisk', none: 'Ingen' },
  turnHelp: {
    server_vad: 'En paus avslutar din tur.',
    semantic_vad: 'En färdig mening avslutar din tur.',
    none: 'Du avslutar själv din tur: håll in och tala.',
  },
  threshold: 'Tröskel',
  prefixPadding: 'Marginal före tal',
  silenceDuration: 'Tystnadens längd',
  idleTimeout: 'Tidsgräns vid tystnad',
  eagerness: 'Ivrighet',
  eagernesses: { auto: 'Automatisk', low: 'Låg', medium: 'Medel', high: 'Hög' },
  createResponse: 'Svara när en tur är slut',
  interruptResponse: 'Tal avbryter svaret',
  hearing: 'Hörsel',
  transcription: 'Skriv ner vad jag säger',
  transcriptionModel: 'Transkriptionsmodell',
  transcriptionLanguage: 'Talat språk',
  languageHelp: 'Till exempel sv, en eller fr. Lämna tomt för att låta servern avgöra.',
  noiseReduction: 'Brusreducering',
  noiseReductions: { none: 'Ingen', near_field: 'Nära: headset', far_field: 'Långt ifrån: rum' },
  inputFormat: 'Format in',
  outputFormat: 'Format ut',
  formats: { pcm16: 'PCM, 24 kHz', g711_ulaw: 'G.711 µ-law, 8 kHz', g711_alaw: 'G.711 A-law, 8 kHz' },
  devices: 'Enheter',
  microphone: 'Mikrofon',
  loudspeaker: 'Högtalare',
  standardDevice: 'Webbläsarens val',
  unnamedDevice: (number) => `Enhet ${number}`,
  echoCancellation: 'Ekosläckning',
  noiseSuppression: 'Brusdämpning',
  autoGainControl: 'Automatisk nivå',
  tools: 'Verktyg',
  toolChoice: 'Val av verktyg',
  toolChoices: { auto: 'Automatiskt', none: 'Inget', required: 'Krävs' },
  addTool: 'Lägg till ett verktyg',
  removeTool: (name) => `Ta bort ${name}`,
  toolName: 'Namn',
  toolDescription: 'Beskrivning',
  toolParameters: 'Parametrar, som JSON-schema',
  toolAnswer: 'Svar',
  canned: 'Fast text',
  javascript: 'JavaScript',
  javascriptHelp:
    'Kroppen i en async-funktion av ”input”, argumenten. Den körs i en worker utan nätverk och lagring.',
  toolFaults: {
    name: '1 till 64 bokstäver a–z, siffror, ”_” och ”-”.',
    parameters: 'Detta är inget JSON-objekt. Tills det är det får servern inte veta något om verktyget.',
  },
  reset: 'Återställ inställningarna',
  close: 'Stäng',
};

const fr: Words = {
  session: 'Session',
  address: 'Protocole',
  addresses: {
    preview: 'Préversion · /openai/realtime',
    ga: 'GA · /openai/v1/realtime',
    openai: 'GA · /v1/realtime',
  },
  fixed: 'Fixé pour la session en cours ; terminez-la pour le modifier.',
  deployment: 'Déploiement',
  ofDeployment: 'Selon le déploiement',
  voice: 'Voix',
  instructions: 'Instructions',
  temperature: 'Température',
  speed: 'Vitesse',
  modality: 'Répondre par',
  modalities: { audio: 'Parole', text: 'Texte' },
  maxOutputTokens: 'Nombre maximal de jetons par réponse',
  noBound: 'Sans limite',
  turns: 'Tours de parole',
  turnDetection: 'Détection des tours',
  turnDetections: { server_vad: 'Serveur', semantic_vad: 'Sémantique', none: 'Aucune' },
  turnHelp: {
    server_vad: 'Une pause termine votre tour.',
    semantic_vad: 'Une phrase achevée termine votre tour.',
    none: 'Vous terminez votre tour : maintenez pour parler.',
  },
  threshold: 'Seuil',
  prefixPadding: 'Marge avant la parole',
  silenceDuration: 'Durée du silence',
  idleTimeout: 'Délai d’inactivité',
  eagerness: 'Empressement',
  eagernesses: { auto: 'Auto', low: 'Faible', medium: 'Moyen', high: 'Fort' },
  createResponse: 'Répondre à la fin d’un tour',
  interruptResponse: 'La parole interrompt la réponse',
  hearing: 'Écoute',
  transcription: 'Transcrire ce que je dis',
  transcriptionModel: 'Modèle de transcription',
  transcriptionLanguage: 'Langue parlée',
  languageHelp: 'Par exemple fr, sv ou en ; vide pour laisser deviner',
  noiseReduction: 'Réduction du bruit',
  noiseReductions: { none: 'Aucune', near_field: 'Proche : casque', far_field: 'Éloignée : salle' },
  inputFormat: 'Format d’entrée',
  outputFormat: 'Format de sortie',
  formats: { pcm16: 'PCM, 24 kHz', g711_ulaw: 'G.711 loi µ, 8 kHz', g711_alaw: 'G.711 loi A, 8 kHz' },
  devices: 'Appareils',
  microphone: 'Micro',
  loudspeaker: 'Haut-parleur',
  standardDevice: 'Choix du navigateur',
  unnamedDevice: (number) => `Appareil ${number}`,
  echoCancellation: 'Annulation de l’écho',
  noiseSuppression: 'Suppression du bruit',
  autoGainControl: 'Gain automatique',
  tools: 'Outils',
  toolChoice: 'Choix d’outil',
  toolChoices: { auto: 'Auto', none: 'Aucun', required: 'Obligatoire' },
  addTool: 'Ajouter un outil',
  removeTool: (name) => `Retirer ${name}`,
  toolName: 'Nom',
  toolDescription: 'Description',
  toolParameters: 'Paramètres, en schéma JSON',
  toolAnswer: 'Réponse',
  canned: 'Texte fixe',
  javascript: 'JavaScript',
  javascriptHelp:
    'Le corps d’une fonction async de « input », les arguments. Elle s’exécute dans un worker sans réseau ni stockage.',
  toolFaults: {
    name: '1 à 64 lettres sans accent, chiffres, « _ » et « - ».',
    parameters: 'Ce n’est pas un objet JSON ; d’ici là, le serveur ignore cet outil.',
  },
  reset: 'Réinitialiser les réglages',
  close: 'Fermer',
};

export const settingsText: Text<Words> = { en, sv, fr };
