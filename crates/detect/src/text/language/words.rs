//! Small words by which a language gives itself away. A word may stand in several lists; it then says less.

/// Tag, and words in lower case as they are written; without their marks, too, where people leave them out.
pub(super) const WORDS: [(&str, &str); 14] = [
    (
        "en",
        "the and of to in is for you with are we on that be this your have our or not from at an will can as by it all if no but they who what has was \
         been do does their any more about which when where how need must only work job looking pay per day week month hours new free call please contact \
         i my me us he she his her there out up just also very good make than other some into over after before would should available required experience",
    ),
    (
        "de",
        "der die das und ist in den von zu mit für auf ein eine einen einem einer nicht sie wir ich sich des dem auch als an bei oder nach wird aus werden \
         haben hat sind am im zum zur über um nur noch wie bitte unser unsere ihr ihre kein keine mehr du dich dir uns es so aber wenn bis gut gute suchen \
         arbeit wohnung zimmer stunden monat euro gerne können fuer ueber koennen ab unter ohne durch gegen schon sehr dann da hier alle alles man vom",
    ),
    (
        "es",
        "el la los las de que y en un una con para por es se no su al lo del más como o pero sus le ya está son tiene nos tu si muy sin sobre este esta \
         también hay me desde todo todos ser somos trabajo buscamos se busca horas día mes sueldo mas también tambien está esta están estan aquí aqui yo te \
         mi usted ustedes porque cuando donde quien cada entre hasta contacto interesadas interesados experiencia semana años solo sólo nuestra nuestro",
    ),
    (
        "fr",
        "le la les de des du et en un une pour dans que qui est sur avec pas vous nous je il elle on au aux par plus ce cette ces se son sa ses votre vos \
         notre nos ne ou mais sont être avoir ai tout tous très bien sans chez à été où même aussi leur leurs si travail recherche cherche heures mois jour \
         euros contrat logement merci bonjour y j'ai c'est d'un d'une l'on qu'il n'est mon ma mes tes toi moi etre tres deja déjà depuis entre après selon",
    ),
    (
        "pt",
        "o a os as de que e do da em um uma para com não por mais no na dos das se ao como mas foi ele ela seu sua ou quando muito nos já está eu também só \
         pelo pela até isso entre sem mesmo aos ter são você vocês nossa nosso trabalho vaga vagas salário dias mês nao voce tambem sao ja ate há tem temos \
         estamos precisa precisamos procura procuramos contato pra minha meu minhas meus horas semana experiência onde quem cada sobre depois antes bom boa",
    ),
    (
        "id",
        "dan yang di ke dari untuk dengan tidak ada ini itu akan bisa kami anda atau pada juga sudah dalam adalah saya kerja gaji tanpa bagi karena oleh \
         lebih serta bila jika harus dapat segera langsung hubungi orang hari bulan tempat tinggal kita mereka dia nya sangat baru semua satu lagi saja \
         kalau seperti sampai masih belum bukan jangan boleh mau dicari dibutuhkan wanita pria usia tahun rumah makan gratis disediakan yg utk dgn tdk \
         bekerja lowongan karyawan jam sehari minggu biaya kerjaan pekerjaan info minat silahkan silakan tiap setiap antara juta ribu",
    ),
    (
        "tl",
        "ang ng sa na mga ay po ka kami namin may wala hindi kung lang pa ito yung naman din rin ko mo niya nila siya sila kayo ninyo nang dito doon araw \
         buwan sahod trabaho para at o si ni kay kina ako ikaw tayo natin atin inyo amin dahil pero kasi pwede puwede gusto kailangan walang mayroon meron \
         hanap naghahanap babae lalaki isang bawat libre agad pag kapag habang lahat iba ganito ganyan nasa galing hanggang muna ba nga daw raw opo hindi's \
         bahay tao oras linggo sweldo mag kaya tulad bilang ating kanilang aming iyong",
    ),
    (
        "tr",
        "ve bir bu için ile de da çok olan olarak gibi daha en her kadar değil var yok ne ama biz siz ben sizin bizim iş aranıyor maaş günlük aylık veya ya \
         hem sonra icin cok degil is araniyor maas gunluk aylik mı mi mu mü ki şu o onun bana sana size bize tüm hiç bile sadece gerekli gerek lazım \
         çalışma çalışan çalışacak yer ev saat gün hafta ay yıl yaş arası kız erkek bayan eleman elemanlar alınacaktır aranmaktadır deneyim deneyimli \
         konaklama yemek ücretsiz arayın iletişim lütfen diye ise üzere kendi bizi sizi tl",
    ),
    (
        "vi",
        "và của có là không cho được với các người trong một đã khi này để từ công việc làm tại lương tháng ngày tuyển nam nữ bao cần liên hệ gọi hay những \
         như vào ra về bạn em anh chị mình sẽ nhiều khong viec luong tuyen cua duoc nguoi lam lien he thang ngay nu can goi nhung nhu vao ve ban minh se \
         nhieu ở đi đến thì mà nếu chỉ cũng rất lại đang hoặc theo trên dưới sau trước giờ tuần năm tuổi triệu đồng nhà ăn phí trở lên đủ ai ơi ạ nhé nha \
         cong mot tai voi cac trong khi nay den nam tuoi trieu dong nha phi",
    ),
    (
        "it",
        "il lo la gli le di che e un una per con non del della dei delle al alla sono è si da nel nella come più anche ma o se questo questa su ci mi ti \
         cerchiamo cercasi lavoro ore mese giorno euro senza siamo offriamo contratto esperienza disponibile tutti molto essere ha ho abbiamo dal dalla ai sul",
    ),
    (
        "pl",
        "i w z na do się nie jest to o że dla od za po jak oraz lub ale są być praca pracy szukamy poszukujemy zatrudnimy oferujemy przy ze co już tylko \
         bez może godzin dzień miesiąc złotych zł u pod przez twój nasz mamy masz jesteś kontakt telefon kobieta mężczyzna wynagrodzenie mieszkanie",
    ),
    (
        "nl",
        "de het een en van in is op te dat die voor met zijn niet aan er om ook als maar bij naar dan nog uit wij je jij ik we ons onze jouw uw zoeken gezocht \
         werk uur maand dag per geen goed kun kunnen worden wordt heeft hebben hij zij deze dit over door tot meer wel zo hier daar wat wie waar",
    ),
    (
        "ro",
        "și si de la în cu pe nu este sunt un o pentru din că ca mai sau care se fi am ai are avem oferim căutăm cautam angajăm angajam lucru muncă munca \
         luna lei zi ore fără fara după dupa doar bine foarte noi voi ei ele lor să sa al ale cele prin către între contact",
    ),
    (
        "ms",
        "dan yang untuk dengan tidak kerja gaji boleh kami anda atau sahaja perlu jawatan kosong syarikat pekerja tempat hubungi sekarang encik cuti",
    ),
];

pub(super) const CYRILLIC_WORDS: [(&str, &str); 2] = [
    (
        "ru",
        "и в не на с что по для от из к у за как но это мы вы он она они же или если до все есть быть только без при нужна нужны нужен требуется требуются \
         работа работы день дней час лет можно нет да уже ещё еще также чтобы вас нас вам нам мой моя ваш наш который которые когда где очень так тут там \
         о об под над между через после перед будет было были ищу ищем опыт месяц неделю зарплата оплата жильё жилье звоните пишите девушка девушки",
    ),
    (
        "uk",
        "і й в у не на з із зі що та для від до за як але це ми ви він вона вони або якщо все всі є бути тільки без при потрібна потрібні потрібен робота \
         роботи роботу день днів годин років можна немає так вже ще також щоб вас нас вам нам мій моя ваш наш який які коли де дуже тут там про під над \
         між через після перед буде було були шукаю шукаємо досвід місяць тиждень зарплата оплата житло телефонуйте пишіть дівчина дівчата хто",
    ),
];
