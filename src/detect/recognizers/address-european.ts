import { HOUSE, NAME, NOT_A_LETTER, inAllCases } from './address-parts.ts';

/** How addresses are written on the European mainland and in Brazil. Every repeat is bounded. */

/** What may stand right before a street's name: `An der Alten Mühle 3`, `Op de Dijk 7`, `2e Jan Steenstraat`. */
const LEAD =
  '(?:(?:An|Am|Auf|Bei|Beim|Hinter|Im|In|Unter|Vor|Vom|Zu|Zum|Zur|Aan|Op|Bij|Het|De|Van|Den|Ter|Ten|Onder|Achter)(?: (?:der|dem|den|de|het|d[eo]n))? |\\d{1,2}(?:e|de|ste) )?';
const PARTICLE =
  "(?:d[eouai]s?|del|della|delle|dei|degli|dello|dell'|dall'|dal|al|alla|alle|do|dos|da|das|de la|de los|de las|de l'|d'|l'|la|le|les|los|las|el|y|e|i|à|aux?|sous|sur|en|et|van|von|von der|van der|van den|van de|'t|der|den|des|naar)";
const MONTHS = inAllCases(
  'jan jän fév feb mar mär maa avr abr apr mai may mei mag maio mayo giu juin jun jul lug août aoû ago aug sep set oct okt ott out nov déc dez dic dec gen ene'.split(
    ' ',
  ),
);
/** Streets named for a day: `8 Mai 1945`, `25 de Abril`, `17. Juni`. */
const DAY = `\\d{1,2}(?:er|\\.|º)? (?:de )?(?:${MONTHS})\\p{L}{0,7}(?: (?:19|20)\\d\\d)?`;
const STREET = `(?:${PARTICLE} ?){0,3}(?:${NAME}|${DAY})(?:[ -](?:${PARTICLE} ?){0,2}${NAME}){0,4}`;

const NUMBER_MARK = '(?:n[º°.o]{0,2} ?|nr\\.? ?|núm\\.? ?|numero |número |num\\. ?)?';
const SIDES = inAllCases(
  'esq dto dt.º dcha dch izq izda izqda fte frente centro links rechts mitte gauche droite'.split(' '),
);
const SIDE = `(?:[A-Z](?![\\p{L}\\p{N}'’])|(?:${SIDES})(?!\\p{L})\\.?)`;
/** Words in front of a flat's number or letter. */
const FLAT = inAllCases(
  'apto apt appt appartement appartamento apartamento ap piso piano puerta portal esc escalera escalier scala interno int bât bat bâtiment porte étage bloco bl sala casa loja lote andar conj conjunto bus top stiege tür whg wohnung km'.split(
    ' ',
  ),
);
/** Floors, flats and stairs: `, 3. OG links`, `, bât. C`, `, 3º B`, ` - apto 42`, `, R/C Dto.`, ` bus 3`. */
const UNITS = `(?:(?:, ?| [-–] | )(?:\\d{1,2}\\. ?(?:OG|Stock|Etage|Obergeschoss|verdieping)(?!\\p{L})(?: ${SIDE})?|(?:EG|DG|UG|Erdgeschoss|Hinterhaus|Vorderhaus|Seitenflügel|Gartenhaus)(?!\\p{L})|\\d{1,2}(?:er|e|ème|eme) étage|\\d{1,2}[°º] piano|\\d{1,2} ?\\.?[oaº°ª]{1,2}\\.?(?!\\p{L})(?: ?(?:andar(?!\\p{L})|${SIDE}))?|\\d{1,2}e (?:verdieping|etage|woonlaag)|\\d{1,2} ?hoog|huis(?!\\p{L})|I{1,3}(?!\\p{L})|IV(?!\\p{L})|R/C(?: ${SIDE})?|(?:bajo|ático|atico|entresuelo|entlo\\.?|cave)(?!\\p{L})(?: ?${SIDE})?|(?:${FLAT})\\.? ?(?:\\d{1,5}[A-Za-z]?|[A-Z])(?![\\p{L}\\p{N}]))){0,3}`;

const CITY_START =
  'Bad|Le|La|Les|Los|Las|El|San|Santa|Sankt|Saint|St\\.?|Ste\\.?|São|Den|New|Vila|Villa|Reggio|Porto|Belo|Rio|Ribeirão|Santo|Nova|Ponta|Castelo|Alphen|Bergen|Capelle|Krimpen';
const CITY_MIDDLE =
  "(?: |-)(?:am|an der|an den|im|in der|in|a\\.|ob der|vor der|de la|del|della|de|dos|das|do|da|d'|sur|sous|lès|les|en|aux|aan den|aan de|op|van)(?: |-)?\\p{Lu}[\\p{L}'’-]{1,24}";
const CITY = `(?:(?:${CITY_START}) )?(?:\\p{Lu}[\\p{L}'’-]{1,24}|['’][ts]-\\p{Lu}[\\p{L}'’-]{1,24})(?:${CITY_MIDDLE}){0,2}`;
const STATE = '(?:A[CLMP]|BA|CE|DF|ES|GO|M[AGST]|P[ABEIR]|R[JNORS]|S[CEP]|TO)(?![\\p{L}\\p{N}])';
/** German, French, Spanish and Italian; Dutch; Portuguese; Brazilian; Austrian, Swiss and Belgian, which look like a year. */
const CODE = '(?:\\d{5}-\\d{3}|\\d{5}|\\d{4} ?[A-Z]{2}|\\d{4}-\\d{3}|\\d{4})(?!\\d)';
const GAP = '(?:,? {1,2}|,? ?\\n ?| [-–|/•·] |, ?(?:in|à|en|te) | (?:in|à|en|te) )';
const AFTER_CITY = `(?: \\([A-Z]{2}\\)| (?:MI|RM|TO|NA|BO|FI|VE|GE|PA|BA|VR|PD|BS)(?![\\p{L}\\p{N}])| [Cc](?:edex|EDEX)(?: \\d{1,2})?| - ${STATE}|/${STATE})?`;
const DISTRICT = "\\p{Lu}[\\p{L}'’-]{1,24}(?: (?:d[aeo]s? )?\\p{Lu}[\\p{L}'’-]{1,24}){0,2}";
const BRAZIL = `(?:(?:,| [-–]|\\n) ?${DISTRICT}){1,2}(?: [-–] |/|, ?)${STATE}(?:(?:,| [-–]|\\n) ?(?:CEP:? ?)?\\d{5}-?\\d{3})?`;
/** Postcode and town, with a country's letters and an Italian or Brazilian state: what proves a street. */
const EUROPEAN_TAIL = `(?:${GAP}(?:C\\.?[EP]\\.?P?\\.?:? )?(?:[A-Z]{1,2}-)?(?:${CODE},?|\\(${CODE}\\)) (?:in )?(?:${CITY})${AFTER_CITY}|${BRAZIL})`;

const PREFIX_TYPES = inAllCases(
  'rue avenue boulevard bd bld boul place pl chemin impasse allée allées quai route cours passage square ruelle sentier esplanade faubourg promenade villa rond-point calle avenida avda av plaza pza plza paseo pº camino carretera ctra ronda travesía carrer passeig glorieta callejón rambla via viale v.le corso c.so piazza p.zza p.za piazzale largo l.go vicolo strada lungomare contrada rua praça praceta travessa alameda estrada calçada rotunda beco rodovia ladeira quinta bairro urbanização urb trav largo'.split(
    ' ',
  ),
);
const BOX =
  '[Pp]ostfach|POSTFACH|[Pp]ostbus|POSTBUS|[Aa]partado(?: de [Cc]orreos| [Pp]ostal)?|[Cc]aixa [Pp]ostal|[Cc]asella [Pp]ostale';
const SUFFIX_TYPES =
  'stra(?:ß|ss)e|str\\.|weg|allee|platz|gasse|ufer|damm|promenade|chaussee|ring|markt|steig|stieg|kamp|berg|straat|laan|plein|gracht|kade|dijk|singel|steeg|dreef|hof|pad|wal|baan|lei|plantsoen';

export interface Shape {
  /** Finds the street's type; what surrounds it decides. */
  readonly type: RegExp;
  /** What must end where the type begins; empty where the type comes first. */
  readonly before: string;
  /** What must follow the type, and what may follow that. */
  readonly after: string;
  readonly tail: string;
  /** The type is a word of other uses too: only a postcode and a town make it a street. */
  readonly needsTail?: boolean;
}

const FRENCH_NUMBER = '\\d{1,4}(?: ?[A-Da-d](?!\\p{L})| ?bis| ?ter| ?quater| ?BIS| ?TER)?,? ';

export const EUROPEAN_SHAPES: readonly Shape[] = [
  {
    // 1011 BX Amsterdam, Oude Waal 14: the Dutch postcode looks like nothing else.
    type: new RegExp('(?<![\\p{L}\\p{N}.,-])\\d{4} ?[A-Z]{2}(?= \\p{Lu})', 'gu'),
    before: '',
    after: `\\d{4} ?[A-Z]{2} ${CITY}(?:, ?| ?\\n| [-–] )${LEAD}(?:${NAME} )(?:(?:${PARTICLE} )?${NAME} ){0,3}${HOUSE}${UNITS}`,
    tail: '',
  },
  {
    // Postfach 10 20 30, 50667 Köln; Postbus 12, 2300 BC Leiden; BP 12, 67000 Strasbourg
    type: new RegExp(`${NOT_A_LETTER}(?:${BOX})(?= (?:n[º°.] ?)?\\d)`, 'gu'),
    before: '',
    after: '[\\p{L}. ]{2,21} (?:n[º°.] ?)?\\d{1,6}(?: \\d{2}){0,2}(?!\\d)',
    tail: EUROPEAN_TAIL,
  },
  {
    // BP 12, 67000 Strasbourg: blood pressure is written so as well.
    type: new RegExp(`${NOT_A_LETTER}(?:BP|B\\.P\\.)(?= ?\\d)`, 'gu'),
    before: '',
    after: '[BP.]{2,4} ?\\d{1,6}(?!\\d)',
    tail: EUROPEAN_TAIL,
    needsTail: true,
  },
  {
    // 12 rue de la Paix, 75002 Paris
    type: new RegExp(
      `(?<=\\d(?: ?[A-Za-z]| ?bis| ?ter| ?quater| ?BIS| ?TER)?,? )(?:${PREFIX_TYPES})(?=[ .])`,
      'gu',
    ),
    before: `(?<![\\p{L}\\p{N}.,$€£-])${FRENCH_NUMBER}`,
    after: `[\\p{L}.-]{2,12}\\.? ${STREET}`,
    tail: `${UNITS}${EUROPEAN_TAIL}`,
  },
  {
    // Calle Mayor 12, 3º B, 28013 Madrid; Rua das Flores, n.º 10, 1100-148 Lisboa
    // `Rowan Avenue Elementary School, 600` has its type behind the name, as English does.
    type: new RegExp(
      `${NOT_A_LETTER}(?<!\\p{Lu}\\p{L}{1,24} (?=(?:[Aa]venue|[Bb]oulevard|[Pp]lace|[Pp]assage|[Ss]quare) ))(?:(?:${PREFIX_TYPES})(?=[ .])|[Cc]/(?= ?\\p{L}))`,
      'gu',
    ),
    before: '',
    after: `[\\p{L}/.º-]{2,12}\\.? ?${STREET}(?:,? ${NUMBER_MARK}|, ?${NUMBER_MARK}|,? (?:[Ll]ote|km) )${HOUSE}${UNITS}`,
    tail: EUROPEAN_TAIL,
  },
  {
    // R. XV de Novembro, 200, Curitiba/PR: an initial looks the same.
    type: new RegExp(`${NOT_A_LETTER}(?:R|Al|Tv|Pç|Est)\\.(?= \\p{Lu})`, 'gu'),
    before: '',
    after: `\\p{L}{1,3}\\. ${STREET}(?:,? ${NUMBER_MARK}|, ?${NUMBER_MARK})${HOUSE}${UNITS}`,
    tail: EUROPEAN_TAIL,
    needsTail: true,
  },
  {
    // Lindenstraße 12, 10115 Berlin; Hohe Straße 3; Am Alten Markt 5a; Prinsengracht 263-II
    type: new RegExp(`(?:${SUFFIX_TYPES})(?= \\d| nr| n[º°.]|\\.?\\d)`, 'giu'),
    before: `${NOT_A_LETTER}${LEAD}(?:(?:${NAME}[ -](?:${PARTICLE}[ -])?){0,3}${NAME}[ -]?)`,
    after: `[\\p{L}.]{2,10} ?${NUMBER_MARK}${HOUSE}${UNITS}`,
    tail: EUROPEAN_TAIL,
  },
  {
    // Straße des 17. Juni 135; Laan van Meerdervoort 45 bis
    type: new RegExp(
      `${NOT_A_LETTER}(?:Straße|Strasse|STRASSE|Allee|ALLEE|Laan|LAAN|Lange|Weg)(?= (?:d[eo][srn]|van|naar) )`,
      'gu',
    ),
    before: '',
    after: `\\p{L}{3,7} ${STREET} ${HOUSE}${UNITS}`,
    tail: EUROPEAN_TAIL,
  },
];

/** Any run of names and a number, when a postcode and a town follow: `Im Winkel 4, 12345 Celle`. */
export const BY_POSTCODE = new RegExp(`^${HOUSE}${UNITS}${EUROPEAN_TAIL}`, 'u');
export const NAMES_BEFORE = new RegExp(
  `${NOT_A_LETTER}${LEAD}(?:${NAME} )(?:(?:${PARTICLE} )?${NAME} ){0,3}(?:nr\\.? |n\\.? )?$`,
  'u',
);

/** Names, a house number and a town at the end of a text; whether that is a town must be known from elsewhere. */
export const NAMED_STREET = new RegExp(
  `${NOT_A_LETTER}(?<street>${LEAD}(?:${NAME} )(?:(?:${PARTICLE} )?${NAME} ){0,3})(?:nr\\.? |n\\.? )?${HOUSE}${UNITS}${GAP}(?<town>${CITY})$`,
  'u',
);

/** What has a number and a line of digits behind it without being a street: `Teil 4, 12345 Zeichen`. */
export const NUMBERED =
  /^(?:An |In |Am |Im |Op |Zum |Zur |De |Het )?(?:der |de |dem |het )?(?:Version|Versión|Versione|Versão|Windows|Android|Teil|Kapitel|Chapter|Chapitre|Capítulo|Capitolo|Tabelle|Table|Tabla|Tabella|Tabela|Abschnitt|Section|Seite|Page|Page|Klasse|Level|Niveau|Step|Schritt|Tag|Dag|Punkt|Artikel|Article|Artículo|Articolo|Artigo|Nummer|Band|Tome|Phase|Gruppe|Groep|Groupe|Raum|Halle|Block|Figure|Figura|Abbildung|Paragraf|Nr|Lot|Lote|Serie|Modell|Model|Kurs|Zeile|Stufe|Runde|Woche|Week|Route|Linie|Gleis|Spoor|Zimmer|Gate|Halle|Vlucht|Flug|Zug|Trein|Bus|Tram|Kamer|Platz|Top|Saison|Staffel|Jahrgang|Release|Build|Sprint|Q)\.? $/u;
/** A determiner and the bare word for a street: `Die Straße 12 ist gesperrt`, `het plein 3 keer rond`. */
export const BARE_TYPE = new RegExp(
  `^(?:d(?:er|ie|as|en|em|es)|eine?[rnms]?|keine?[rnm]?|diese[rsmn]?|jede[rsmn]?|unser[e]?|mein[e]?|het|de|een|deze|dit|elk[e]?)[ -](?:${SUFFIX_TYPES}) `,
  'iu',
);
/** Units and things counted: the number belongs to them and not to a house. */
export const COUNTED =
  /^ ?(?:d[ií]as?|giorn[oi]|jours?|tagen?|dagen|days?|min(?:ut\p{L}*)?|horas?|or[ae]|heures?|uu?r(?:en)?|stunden?|hours?|a[nñ]os?|ann[oi]|ans?|jaar|jahren?|years?|personas?|pessoas?|person[aei]|personnes?|personen|people|euros?|€|metr[oi]s?|mètres?|meter|m[²2]?|km|kg|%|allegat[oi]|messagg[io]|messages?|stars?|sterne?|estrellas?|estrelas?|stelle|étoiles?|carriles|lezion[ei]|leçons?|élèves?|alumnos|alunos|post[oi]|lugares|keer|mal|fois|vezes|veces|volte|times|pièces|participant\p{L}*|p[áa]ginas?|pagine|pages?|seiten)(?!\p{L})/iu;
