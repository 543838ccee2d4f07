/**
 * The emergency number to propose, by where the device is. It is only proposed: the patient is asked to check it.
 *
 * 112 is the number of the European Union (Directive (EU) 2018/1972, Article 109), and mobile phones elsewhere reach
 * emergency services by it too (ETSI TS 122 101, 10.1). Each of the others is an emergency number of its region in
 * libphonenumber's metadata of short numbers (resources/ShortNumberMetadata.xml, release 9.0.43); where a region has
 * several, the one for an ambulance. A region whose numbers differ from place to place is not listed.
 */
const BY_REGION: Readonly<Record<string, string>> = {
  AR: '911',
  AU: '000',
  BR: '192',
  CA: '911',
  CO: '123',
  CR: '911',
  DO: '911',
  EC: '911',
  GB: '999',
  HK: '999',
  JP: '119',
  MX: '911',
  NZ: '111',
  PA: '911',
  PR: '911',
  PY: '911',
  SG: '995',
  SV: '911',
  US: '911',
  UY: '911',
  VE: '911',
};

/** The same by the zones of a region (the tz database's `zone.tab`) and by their older names. */
const BY_ZONE: readonly (readonly [RegExp, string])[] = [
  [/^Europe\/(London|Jersey|Guernsey|Isle_of_Man|Belfast)$|^GB(-Eire)?$/, '999'],
  [/^Europe\/|^Atlantic\/(Canary|Madeira|Azores|Reykjavik|Faroe)$|^Africa\/Ceuta$/, '112'],
  [/^Australia\//, '000'],
  [/^Pacific\/(Auckland|Chatham)$|^NZ$/, '111'],
  [/^Asia\/Tokyo$|^Japan$/, '119'],
  [/^Asia\/Singapore$|^Singapore$/, '995'],
  [/^Asia\/Hong_Kong$|^Hongkong$/, '999'],
  [/^America\/Bogota$/, '123'],
  [
    /^America\/(Mexico_City|Tijuana|Monterrey|Cancun|Merida|Chihuahua|Hermosillo|Matamoros|Ciudad_Juarez|Ojinaga|Mazatlan|Bahia_Banderas)$|^Mexico\//,
    '911',
  ],
  [
    /^America\/(Noronha|Belem|Fortaleza|Recife|Araguaina|Maceio|Bahia|Sao_Paulo|Campo_Grande|Cuiaba|Santarem|Porto_Velho|Boa_Vista|Manaus|Eirunepe|Rio_Branco)$|^Brazil\//,
    '192',
  ],
  [
    /^America\/(Argentina\/.+|Buenos_Aires|Asuncion|Caracas|El_Salvador|Puerto_Rico|Montevideo|Guayaquil|Panama|Costa_Rica|Santo_Domingo)$|^Pacific\/Galapagos$/,
    '911',
  ],
  [
    /^America\/(St_Johns|Halifax|Glace_Bay|Moncton|Goose_Bay|Blanc-Sablon|Toronto|Montreal|Nipigon|Thunder_Bay|Iqaluit|Atikokan|Winnipeg|Resolute|Rankin_Inlet|Regina|Swift_Current|Edmonton|Cambridge_Bay|Yellowknife|Inuvik|Creston|Dawson_Creek|Fort_Nelson|Whitehorse|Dawson|Vancouver)$|^Canada\//,
    '911',
  ],
  [
    /^America\/(New_York|Detroit|Kentucky\/.+|Louisville|Indiana\/.+|Indianapolis|Fort_Wayne|Chicago|Menominee|North_Dakota\/.+|Denver|Boise|Phoenix|Los_Angeles|Anchorage|Juneau|Sitka|Metlakatla|Yakutat|Nome|Adak)$|^Pacific\/Honolulu$|^US\/(?!Samoa$)/,
    '911',
  ],
];

/** A zone that says nothing of a place. */
const PLACELESS = /^$|^Etc\/|^(UTC|UCT|GMT|Universal|Zulu|Greenwich)$/;

/** Reaches emergency services from mobile phones in most countries; what holds until another is chosen. */
export const ANYWHERE = '112';

/** An emergency number to propose, and whether it is that of the place. */
export interface Proposal {
  readonly number: string;
  /** Otherwise the patient has to find out whether it is right. */
  readonly known: boolean;
}

/** What to propose in a zone: the number of the place, else 112. */
export function emergencyOfZone(zone: string): Proposal {
  const number = BY_ZONE.find(([name]) => name.test(zone))?.[1];
  return { number: number ?? ANYWHERE, known: number !== undefined };
}

/**
 * What to propose for the patient to check. The region of the system's language counts only where the zone says nothing
 * of a place: many a device anywhere speaks American English.
 */
export function proposedEmergency(zone: string, language: string): Proposal {
  const region = PLACELESS.test(zone) ? /[-_]([A-Z]{2})\b/.exec(language)?.[1] : undefined;
  return region === undefined
    ? emergencyOfZone(zone)
    : { number: BY_REGION[region] ?? ANYWHERE, known: false };
}
