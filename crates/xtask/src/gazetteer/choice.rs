//! What is chosen by hand for the gazetteer: small places that adverts of this kind name often, short names of
//! countries that the data lacks, and names that are ordinary words.

/// Border towns and hubs below the size that all towns need: country and name as GeoNames has them.
pub(super) const HUBS: [(&str, &str); 50] = [
    ("AL", "Durrës"),
    ("AT", "Traiskirchen"),
    ("BA", "Bihać"),
    ("BG", "Svilengrad"),
    ("BJ", "Malanville"),
    ("BO", "Yacuiba"),
    ("BR", "Pacaraima"),
    ("CN", "Hekou"),
    ("CO", "Maicao"),
    ("CO", "Villa del Rosario"),
    ("CO", "Necoclí"),
    ("DE", "Frankfurt (Oder)"),
    ("EC", "Huaquillas"),
    ("ES", "Melilla"),
    ("ES", "Ceuta"),
    ("FR", "Calais"),
    ("GB", "Dover"),
    ("GR", "Mytilene"),
    ("HR", "Slavonski Brod"),
    ("ID", "Batam"),
    ("IN", "Raxaul"),
    ("IN", "Siliguri"),
    ("IT", "Ventimiglia"),
    ("IT", "Trieste"),
    ("KH", "Paoy Paet"),
    ("KH", "Bavet"),
    ("KH", "Sihanoukville"),
    ("KH", "Koh Kong"),
    ("LA", "Savannakhet"),
    ("LB", "Tripoli"),
    ("LY", "Zuwarah"),
    ("MM", "Myawaddy"),
    ("MM", "Shwe Kokko"),
    ("MM", "Tachilek"),
    ("MM", "Laukkai"),
    ("MX", "Tapachula"),
    ("MX", "Tenancingo"),
    ("MX", "Ciudad Hidalgo"),
    ("MX", "Piedras Negras"),
    ("NE", "Agadez"),
    ("PE", "Puerto Maldonado"),
    ("PL", "Przemyśl"),
    ("RO", "Siret"),
    ("RO", "Giurgiu"),
    ("SK", "Michalovce"),
    ("TH", "Mae Sot"),
    ("TH", "Aranyaprathet"),
    ("TH", "Mae Sai"),
    ("TN", "Zarzis"),
    ("VN", "Móng Cái"),
];

/// Names of countries that the package does not have, by code.
pub(super) const MORE_COUNTRY_NAMES: [(&str, &str); 40] = [
    ("AE", "uae|u.a.e|emirates|emiratos|emirats|emirate|emirados|оаэ|оае|эмираты|емірати|الامارات|阿联酋|यूएई|ยูเออี"),
    ("BR", "brasil"),
    ("CD", "congo kinshasa|drc"),
    ("CI", "ivory coast|cote d'ivoire"),
    ("CN", "china|中国|китай|tiongkok|cina|trung quoc"),
    ("CZ", "czechia|czech republic|чехия|чехія|tschechien"),
    ("DE", "germany|alemania|allemagne|германия|німеччина|jerman|alemanya"),
    ("ES", "espana|spain|spanien|espanya"),
    ("FR", "france|pransya"),
    (
        "GB",
        "england|scotland|wales|great britain|britain|england|inglaterra|angleterre|англия|англія|британия|britania|britanya|英国|英國|ingiltere|inggris|uk",
    ),
    ("GR", "greece|grecia|griechenland|греция|греція"),
    ("HK", "hong kong|hongkong|香港|гонконг"),
    ("ID", "indonesya"),
    ("IN", "india|भारत"),
    ("IR", "iran|иран|іран|ايران"),
    ("IT", "italya"),
    ("JP", "japan|hapon|日本"),
    (
        "KH",
        "cambodia|camboya|cambodge|kambodscha|kamboja|kambodya|campuchia|камбоджа|柬埔寨|柬国|กัมพูชา|เขมร|كمبوديا|कंबोडिया",
    ),
    ("KP", "north korea"),
    ("KR", "korea|south korea|corea|coree|korea selatan|han quoc|корея|южная корея|韩国|เกาหลี|كوريا|कोरिया"),
    ("KW", "kuwait|кувейт|الكويت|كويت"),
    ("LA", "laos|лаос|老挝|ลาว"),
    ("MD", "moldova|moldavia|молдова|молдавия"),
    ("MM", "myanmar|burma|birmania|birmanie|мьянма|бирма|缅甸|缅北|พม่า|เมียนมา|ميانمار|म्यांमार"),
    ("MY", "malaysia|malasia|malaisie|малайзия|马来西亚|大马|มาเลเซีย"),
    ("NL", "holland|netherlands|holanda|hollande|голландия|голландія|belanda"),
    ("PH", "philippines|pilipinas|filipinas|филиппины|菲律宾|菲国"),
    ("PL", "polonia|polska|польша|польща"),
    ("QA", "qatar|катар|قطر"),
    ("RU", "russia|rusia|россия|росія|俄罗斯"),
    ("SA", "saudi|saudi arabia|ksa|saudiarabien|саудовская аравия|السعوديه|沙特|सऊदी|सऊदी अरब|arab saudi"),
    ("SG", "singapore|singapura|singapur|сингапур|新加坡"),
    ("SY", "syria|سوريا"),
    ("TH", "thailand|tailandia|tailandya|thailande|таиланд|тайланд|таїланд|泰国|ไทย|ประเทศไทย"),
    ("TR", "turkiye|turkey|turquia|turquie|turkei|turki|турция|туреччина|土耳其|تركيا"),
    ("TW", "taiwan|台湾|тайвань|dai loan"),
    ("UA", "ukraine|ucrania|украина|україна"),
    (
        "US",
        "usa|u.s.a|united states|america|estados unidos|eeuu|ee.uu|etats-unis|сша|америка|美国|amerika|amerika serikat|امريكا|my quoc|hoa ky|अमेरिका",
    ),
    ("VN", "viet nam|vietnam|вьетнам|越南|เวียดนาม|वियतनाम"),
    ("ZA", "south africa|sudafrica|юар"),
];

/// Names that the data lacks of towns that it has.
pub(super) const MORE_TOWN_NAMES: [(&str, &str, &str); 8] = [
    ("KH", "Paoy Paet", "poipet|пойпет|波贝|ปอยเปต"),
    ("KH", "Sihanoukville", "sihanoukville|сиануквиль|西港|西哈努克|西哈努克港|สีหนุวิลล์"),
    ("KH", "Bavet", "bavet|木牌|巴域|moc bai"),
    ("KH", "Phnom Penh", "金边"),
    ("MM", "Myawaddy", "myawaddy|мьявади|妙瓦底|苗瓦迪|เมียวดี"),
    ("MM", "Laukkai", "laukkai|laukkaing|老街|果敢|เล่าก์ก่าย"),
    ("MM", "Tachilek", "大其力|ท่าขี้เหล็ก"),
    ("TH", "Mae Sot", "湄索|美索|แม่สอด"),
];

/// Names of places that are words, given names or surnames in a language of the rules, folded.
const ORDINARY: &str = "\
 aden alba alma alta amal amara angel angeles angra anna antonio apollo aqua araba arad arica arras artemis aurora asti asha \
 bar bari barra bata batman bath battle bayan bela bella belem bello bend berber best beta beverly blanco boa boca bochum bois bolivar bonita boulder \
 brava bravo brest brod buena buga bury cali cama campana campo canoas cara carmen carolina casa casas castro cerro chad chester chico chili christian chur \
 clara clinton colon columbia como concord constitucion corona cruz cuba dali damas dana dayton delta desa desna dese diego dili diyar dolores dos dover dubois durango \
 elena eden edison elite else enterprise era erica esperanza essen este evry fargo felix fes fier florida fort foshan franca france francisco franco frankfurt fresno fray \
 gala gap garden gary gaya gent georgia gera gijon gino giza gold gloria gomez gorge graz guam guide guinea hail halle hama ham hamm hanover harper hat helena herne heroica hilla hills home hope hof \
 hue hull humble huelva ica idea imperial independence independencia ipoh irving isla island ivanovo jackson jacinto jena jordan jorge jose juan julian july kale kara karaman karaj kars kasur katy kemer kent khan \
 kita kobe kota kum labe la lagos laredo las laval leiden leon lens leone liberal liberec libertad liberty libya lille lima limon linda line lins lira lobito loja long lorca los lotus lucena luz lyon macon \
 made madison magdalena mai main male mali malmo manta manila mani mar marco maria marina mary mata matera matura mercedes merida merced miranda mission mobile modena moers mohammed moka mol mona mons montana montes morelos more moron mora mostar muar munster mus musa muse nam nan nancy natal nera neu neuss nis nice niger norman nova novo normal nuevo \
 oakland oberhausen odessa oman omar ode olinda oral oran orange ordu orel oro orsha oslo ostrava oswiecim palma palmas palmira pando pan panama paradise paraiso paramount pasta pas pasto pau pavia pearl perm peru piedras pinar pino pirot pisa piura plano plata plaza plymouth pool port porto portal posadas pori pretoria primavera providence provo \
 puerto pula pune qom quito racine rada rae real reading recife red regina reno reus rey rio riverside roman roma romano rosario rosa rosas royal rugby ruse saba saga sale salem salt salto salta sama san sana sancti santa santiago santo santos sara sarh sari savannah segovia semey sete seine sera serra serres sidi sidney siena silver sion sita siva slough sol soledad solo solano sonora soria soto split stara star \
 st sterling stockton sucre sun sunrise suhl sur surat surprise tabor taif tala tampa tara tata taxila temple tema texas thane thornton tokat tol tomar tonga toril torre toul toulon tours troy tula tulsa turan turku turkey una union ural urban urgench uk uman usak van varna vaughan vega vera veracruz verdun vernon vic victoria viedma villa villas virginia viana vista vitoria wah waco warren wells werder \
 west wuhan worms yuma york zabol zagora zaria zory zwickau sakarya beni bira bogor bandung kediri malang padang medan serang tangerang jaya mandiri indah baru sari asri makmur sukses maju \
 tan an anh binh hoa minh hai hong linh mai lan long phu son thanh vinh ha nam tam ben cat my tho hung yen lai chau cao bang son la \
 орёл орел мир мирный рай дно победа свободный первомайск октябрьский советск ленинск красный красноармейск юрга тверь муром буй ржев урай роман анна шахты рубцовск артем владимир луга пушкин чехов королев жуковский \
 химки мыски углич находка дубна канаш белая белово елец ливны нова нові світ суми рівне краматорськ стрий біла церква умань ізюм лозова дні гола пристань гори хмільник броди перемога вишневе вишневое \
 世界 和平 东方 太平 大同 平安 安康 平和 中山 太和 长治 公安 长沙 光明 白山 开封 海口 大连 大理 大庆 宝山 自贡 信阳 安阳 保定 通化 朝阳 丽水 来宾 新乡 南阳 长春 吉安 吉林 景德 达州 贵港 上饶 高要 高安 安顺 安定 东阳 东营 东海 海城 海南 江山 龙口 龙海 清远 三亚 三明 宜春 丰城 满洲 温岭 义乌 永康 福安 建瓯 新民 新华 新城 乐平 乐山 和田 本溪 金华 金昌 白银 白城 大丰 天长 天门 天水 利川 长乐 普宁 公主 文山 文登 瑞金 瑞安 平度 平湖 \
 شرم عدن حماه الخبر الجمعه النور السلام المدينه مدينه بركه جده سلا مكه صفا طنطا الباب قم ابها ساري بنها اسنا دير صور فاس القصر العين الشيخ سيدي خان رام \
 नगर पुरी सागर सूरत दिल्ली काशी कोटा रेवा सीता राम सतना रीवा गया जमुना मथुरा उज्जैन धार नई बाली पाली";

/// Whether a name must be doubted in running text.
pub(super) fn is_ordinary(name: &str, people: u64, is_country: bool) -> bool {
    let han = name.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    let cased = name.chars().all(|c| c.is_ascii() || matches!(c, 'Ѐ'..='ӿ'));
    let (characters, known) = (name.chars().count(), MORE_TOWN_NAMES.iter().any(|(_, _, names)| names.contains(name)));
    let short = if han { characters <= 2 && people < 3_000_000 } else { characters <= if cased { 3 } else { 2 } };
    short && !is_country && !known || ORDINARY.split_whitespace().any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::is_ordinary;

    #[test]
    fn ordinary_words_and_short_names_are_doubted() {
        for (name, people, expected) in [
            ("nice", 343_000, true),
            ("dubai", 3_000_000, false),
            ("ica", 246_000, true),
            ("平安", 100_000, true),
            ("北京", 18_000_000, false),
            ("ufa", 1_000_000, true),
        ] {
            assert_eq!(is_ordinary(name, people, false), expected, "{name}");
        }
    }
}
