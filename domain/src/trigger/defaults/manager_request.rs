//! Asking for somebody with more authority.

/// The phrases of each language.
pub(super) const LANGUAGES: &[&[&str]] = &[ENGLISH, GERMAN, RUSSIAN, CHINESE, SPANISH];

const ENGLISH: &[&str] = &[
    "a manager",
    "the manager",
    "your manager",
    "any manager",
    "manager now",
    "manager please",
    "supervisor*",
    "your boss",
    "your superior*",
    "someone higher up",
    "higher authority",
    "person in charge",
    "someone in charge",
    "somebody in charge",
    "who is in charge",
    "head of support",
    "team lead*",
];

const GERMAN: &[&str] = &[
    "manager",
    "managerin",
    "vorgesetzt*",
    "chef",
    "chefin",
    "teamleit*",
    "abteilungsleit*",
    "geschäftsführ*",
    "geschäftsleitung",
    "verantwortlichen sprechen",
    "jemand höheren",
];

const RUSSIAN: &[&str] = &[
    "менеджер*",
    "руководител*",
    "ваше руководство",
    "вашим руководством",
    "вашему руководству",
    "с руководством",
    "начальник*",
    "начальств*",
    "управляющ*",
    "директор*",
    "старшего",
    "вышестоящ*",
];

const CHINESE: &[&str] = &[
    "经理",
    "經理",
    "主管",
    "领导",
    "領導",
    "负责人",
    "負責人",
    "上级",
    "上級",
    "你们老板",
    "你們老闆",
    "找老板",
    "找老闆",
];

const SPANISH: &[&str] = &[
    "gerente*",
    "encargad*",
    "supervisor*",
    "su jefe",
    "su jefa",
    "tu jefe",
    "tu jefa",
    "un jefe",
    "al jefe",
    "el jefe",
    "un superior",
    "su superior",
    "tu superior",
    "un responsable",
    "el responsable",
    "al responsable",
];
