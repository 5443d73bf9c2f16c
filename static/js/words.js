// Words that may point to something we do not store. A star stands for any ending.
// The comparison ignores accents and capitals. Wrong alarms are cheap: nothing is blocked.

const english = [
  // immigration status
  "undocumented", "unauthorized immigrant*", "illegal immigrant*", "illegals", "papers", "no papers", "green card", "visa",
  "visas", "overstay*", "daca", "dreamer*", "tps", "asylum", "asylee*", "refugee status", "deport*", "removal order", "ice raid*",
  "ice agent*", "ice detention", "immigration status", "immigration court", "citizenship status", "work permit", "noncitizen*",
  // health
  "diagnos*", "cancer", "diabet*", "depress*", "anxiety", "bipolar", "hiv", "aids", "pregnan*", "miscarr*", "abortion*", "therap*",
  "rehab", "addict*", "overdose*", "alcoholic*", "disabilit*", "disabled", "autis*", "adhd", "iep", "surgery", "hospital*",
  "medication*", "mental health", "sick leave", "suicid*",
  // faith
  "muslim*", "christian*", "catholic*", "jewish", "hindu*", "buddhist*", "sikh*", "mormon*", "evangelical*", "atheist*",
  "his faith", "her faith", "their faith", "his religion", "her religion", "their religion", "converted to",
  // family, orientation, law, money
  "divorc*", "custody", "abuse*", "foster child*", "lesbian", "gay", "bisexual", "transgender", "arrest*", "felon*", "probation",
  "parole", "convict*", "bankrupt*", "food stamps", "evict*",
  // numbers
  "ssn", "social security number", "itin", "passport number", "driver's license number", "date of birth",
];

const spanish = [
  // situación migratoria
  "indocumentad*", "sin papeles", "papeles", "ilegales", "residencia legal", "tarjeta verde", "mica", "visa vencida", "asilo",
  "refugiad*", "deport*", "la migra", "redada*", "situacion migratoria", "estatus migratorio", "permiso de trabajo", "ciudadania",
  // salud
  "diagnostic*", "cancer", "diabetes", "diabetic*", "depresion", "ansiedad", "vih", "sida", "embaraz*", "aborto*", "terapia*",
  "rehabilitacion", "adiccion*", "adict*", "alcoholi*", "discapaci*", "autis*", "cirugia", "hospital*", "enferm*", "salud mental",
  "suicid*",
  // fe
  "musulman*", "cristian*", "catolic*", "judi*", "testigo de jehova", "mormon*", "evangelic*", "ateo", "atea", "su fe", "su religion",
  // familia, justicia, números
  "divorci*", "custodia", "abus*", "violencia en casa", "lesbiana*", "gay", "arrest*", "antecedentes penales", "libertad condicional",
  "desaloj*", "seguro social", "numero de seguro", "numero de pasaporte", "fecha de nacimiento",
];

export const list = {
  words: [...new Set([...english, ...spanish])],
  // 123-45-6789, and nine digits that begin like an ITIN
  shapes: [/(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)/, /(?<!\d)9\d{8}(?!\d)/],
  says: {
    en: {
      title: "This note may hold something we do not store",
      text: "%s can point to immigration status, health, faith or family. Change it, or save it as it is.",
    },
    es: {
      title: "Esta nota puede tener algo que no guardamos",
      text: "%s puede referirse a situación migratoria, salud, fe o familia. Cámbielo o guárdelo así.",
    },
  },
};
