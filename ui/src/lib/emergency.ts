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

/** The region of a zone of the tz database, where its name tells it and the number differs from 112. */
const BY_ZONE: readonly (readonly [RegExp, string])[] = [
  [/^Europe\/London$/, 'GB'],
  [/^Europe\//, 'EU'],
  [/^Australia\//, 'AU'],
  [/^Pacific\/Auckland$/, 'NZ'],
  [/^Asia\/Tokyo$/, 'JP'],
  [/^Asia\/Singapore$/, 'SG'],
  [/^Asia\/Hong_Kong$/, 'HK'],
  [/^America\/Bogota$/, 'CO'],
  [/^America\/(Mexico_City|Tijuana|Monterrey|Cancun|Merida|Chihuahua|Hermosillo)$/, 'MX'],
  [/^America\/Sao_Paulo$/, 'BR'],
  [/^America\/(Argentina\/|Buenos_Aires$)/, 'AR'],
  [/^America\/Asuncion$/, 'PY'],
  [/^America\/Caracas$/, 'VE'],
  [/^America\/El_Salvador$/, 'SV'],
  [/^America\/Puerto_Rico$/, 'PR'],
  [/^America\/Montevideo$/, 'UY'],
  [/^America\/Guayaquil$/, 'EC'],
  [/^America\/Panama$/, 'PA'],
  [/^America\/Costa_Rica$/, 'CR'],
  [/^America\/Santo_Domingo$/, 'DO'],
  [/^America\/(Toronto|Vancouver|Edmonton|Winnipeg|Halifax|St_Johns|Regina)$/, 'CA'],
  [/^America\/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Detroit)$|^Pacific\/Honolulu$/, 'US'],
];

/** The number to propose: by the zone where the device is, else by the region of the system's language, else 112. */
export function proposedEmergencyNumber(zone: string, language: string): string {
  const byZone = BY_ZONE.find(([name]) => name.test(zone))?.[1];
  const region = byZone ?? /[-_]([A-Z]{2})\b/.exec(language)?.[1] ?? '';
  return BY_REGION[region] ?? '112';
}
