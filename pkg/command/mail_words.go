package command

import (
	"regexp"
	"strings"
	"sync"
)

// How mail programs say that a quoted message begins, from what Outlook, Apple Mail, Gmail, Thunderbird, Yahoo, Zoho, QQ,
// NetEase and the apps of phones write in their languages. Public collections of such frames, with tests that these words
// were tried on: github/email_reply_parser 59e5859, mailgun/talon 71d9b6e, crisp-oss/email-reply-parser 0b3704c,
// crisp-oss/email-forward-parser, zapier/email-reply-parser f67a872, discourse/email_reply_trimmer 117fd1a.

// roles are the names of headers by what they say. Blanks do not count: some programs widen short Chinese words by them.
var roles = map[string]string{
	"from": "From, Absender, Von, De, De la, Da, Van, Fra, Från, Od, Nadawca, Expéditeur, Expeditorul, Remitente, Remetente, Mittente, Afzender, " +
		"Lähettäjä, Feladó, Šalje, Saatja, Kimden, Gönderen, От, От кого, Отправитель, Від, Від кого, Από, 差出人, 送信元, 送信者, 发件人, 發件人, " +
		"寄件者, 寄件人, 보낸 사람, 보낸이, 발신자, 발신인, מאת, من",
	"date": "Date, Sent, Received, Datum, Gesendet, Gesendet am, Envoyé, Envoyé le, Date d'envoi, Enviado, Enviado el, Enviado em, Enviada, Enviada em, " +
		"Fecha, Data, Inviato, Inviata, Data invio, Verzonden, Verzonden op, Wysłano, Data wysłania, Sendt, Skickat, Dato, Lähetetty, Päivämäärä, Päiväys, " +
		"Elküldve, Dátum, Odesláno, Odoslané, Poslano, Trimis, Dată, Tarih, Gönderildi, Gönderilen, Отправлено, Отправлен, Дата, Дата отправки, " +
		"Відправлено, Ημερομηνία, 送信日時, 送信日, 日時, 日付, 受信日時, 发送时间, 發送時間, 发送日期, 發送日期, 传送时间, 傳送時間, 寄件日期, 日期, 时间, 時間, 보낸 날짜, " +
		"보낸 시간, 보낸 일시, 발신 일시, 날짜, 일시, 작성일, 작성일자",
	"to": "To, An, Empfänger, À, A, Pour, Para, Destinataire, Destinataires, Destinatario, Destinatário, Destinatarul, Către, Aan, Do, Adresat, Til, Till, " +
		"Vastaanottaja, Címzett, Prima, Pre, Komu, Kime, Alıcı, Кому, Получатель, Προς, 宛先, 送信先, 收件人, 收件者, 받는 사람, 받는이, 수신자, 수신인, אל, إلى",
	"cc": "Cc, Ccn, Cci, Bcc, Cco, Kopie, Kopie (CC), Copie, Copie à, Copia, Cópia, Kopia, Kopi, Kopio, Dw, Do wiadomości, UDW, Másolat, Másolatot kap, Kópia, " +
		"Bilgi, Копия, Копія, Κοιν, 抄送, 副本, 抄送人, 참조",
	"subject": "Subject, Betreff, Objet, Sujet, Asunto, Assunto, Oggetto, Onderwerp, Temat, Emne, Ämne, Aihe, Tárgy, Předmět, Predmet, Naslov, Subiect, " +
		"Subiectul, Konu, Тема, Θέμα, 件名, 題名, 主题, 主題, 主旨, 标题, 제목, נושא, الموضوع",
	"reply-to": "Reply-To, Antwort an, Répondre à, Responder a, Rispondi a, Risposta, Beantwoorden - Aan, Antwoord aan, Odpowiedź-do, Ответ-Кому, 返信先, 回复, 답장 받는 사람",
}

// inline are the labels, read when the first message is.
var inline = sync.OnceValues(labels)

// labels gives the roles by name, and what finds known names within a line, as some programs write all headers in one.
func labels() (map[string]string, *regexp.Regexp) {
	byName := map[string]string{}
	var names []string
	for role, list := range roles {
		for name := range strings.SplitSeq(list, ", ") {
			byName[foldLabel(name)] = role
			names = append(names, regexp.QuoteMeta(name))
		}
	}
	return byName, regexp.MustCompile(`(?i)(?:^|[\s;>])(` + strings.Join(names, "|") + `)\s?[:：]`)
}

func foldLabel(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(name, "’", "'")), ""))
}

// roleOf tells what a header of that name says; "" for names that are none.
func roleOf(name string) string {
	roleNames, _ := inline()
	return roleNames[foldLabel(name)]
}

// label is a line that could be one of a header in any language: a few words, a colon, and a blank or the end after it, which
// the scheme of an address has not.
var label = regexp.MustCompile(`^([\p{L}][\p{L}\p{M} .'’()/-]{0,30}?)\s?(?::(?:\s|$)|:[^/\s]|：)`)

const (
	stars  = "***@***.***"          // what GitHub puts for addresses in comments that came by e-mail
	hidden = "hidden@stars.invalid" // what it is read as
)

var (
	// githubAddress is where GitHub's notifications come from and where answers go.
	githubAddress = regexp.MustCompile(`(?i)\bnotifications@github\.com|@(?:no)?reply\.github\.com`)
	// githubSubject is their subject after a header's name: [owner/repository] title (#1), whatever "Re:" is.
	githubSubject = regexp.MustCompile(`[:：]\s*\[[\w.-]+/[\w.-]+\].*\((?:[\w ]+ )?#\d+\)`)
	// footer is what they end with.
	footer = regexp.MustCompile(`(?i)reply to this e-?mail directly|^you are receiving this (?:e-?mail )?because|message id: ?<[^>\s]*@github\.com>|github\.com/notifications/(?:unsubscribe|beacon)`)

	anyAddress = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	// bareAddress is a line that ends with an address without brackets, as Tuta writes it: "…, 10:00 by a@example.com:".
	bareAddress = regexp.MustCompile(` [\w.+-]+@[\w-]+(?:\.[\w-]+)+[:：]$`)
	// afterAddress is a line that ends with an address in brackets and a colon, with at most a word or two between.
	afterAddress = regexp.MustCompile(`(?:[<(\[「"']\s?(?:mailto:)?[^\s<>()]+@[^\s<>()]+\s?[>)\]」"']|` + regexp.QuoteMeta(hidden) + `>?)[^\d<>@:]{0,30}[:：]$`)
	// dated is a time or a date with a year.
	dated = regexp.MustCompile(`\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d\d|\b\d{1,2}[./-]\d{1,2}[./-]\d\d`)
	// oldGmail is "2013/10/2 name <address>" and "2016-03-03 17:21 GMT+01:00 name".
	oldGmail = regexp.MustCompile(`^20\d\d[-/]\d\d?[-/]\d\d?\b(?:.*<[^<>\s]+@[^<>\s]+>:?| \d\d?:\d\d GMT[+-]\d\d:\d\d .*)$`)

	// opener is how a line begins that says who wrote what follows: "On", a day of the week or a date.
	opener = regexp.MustCompile(`(?i)^(?:On|At|In message|Am|Im|Le|El|Il|Il giorno|In data|Em|No dia|Op|W dniu|Dnia|Dňa|Dne|Den|På|Pe|Vào|Στις|在|于|於|Quoting|Citando|Wiadomość|` +
		`\p{L}{2,14}\.?,? \d|\d{1,4}[ ./年년-]|[A-Z][a-z]+day,|.{1,60}[于於] ?20\d\d)`)
	// wrote is how it ends.
	wrote = regexp.MustCompile(`(?i)(?:\bwrote|\bwrites|\bsaid|\bschrieb|\bgeschrieben|\bschrieben Sie|écrit|\bescribió|\bescribio|\bha scritto|\bscrisse|\bescreveu(?: \(.+\))?|` +
		`\bschreef|\bgeschreven|\bnapisała?|\bnapisał\(a\)|\bpisze|\bnapsala?|\bnapsal\(a\)|\bnapísal|\bskrev|\bkirjoitti|írta|\ba scris|\byazdı|đã viết|` +
		`написала?|написал\(а\)|пишет|писала?|пише|έγραψε|のメッセージ|のメール|は書きました|が書きました|書きました|写道|寫道|写到|撰写|撰寫|作成|作成しました|작성|작성함|쓴 글|님이 작성|님이 씀|님의 말)\s*[.>-]*\s*[:：]$`)
	// wroteName is for languages and programs in which the name or the date comes last: "Am … schrieb Carol:".
	wroteName = regexp.MustCompile(`(?i)(?:\bnapisana przez|\bschrieb|\bgeschrieben von|\bschreef|\bskrev|\bwrote|\bkirjoitti|написал|пользователь)\s.{1,200}[:：]$`)

	// rule is Outlook's line above a header.
	rule = regexp.MustCompile(`^_{5,}$`)
	// dashRule is that of other programs. People write it, too, so that a header has to follow.
	dashRule = regexp.MustCompile(`^-{5,}$`)
	// message is "message" in many languages, as between dashes: -----Original Message-----.
	message = regexp.MustCompile(`(?i)message|original|nachricht|mensaje|mensagem|messaggio|bericht|wiadomoś|сообщени|письмо|повідомлення|zpráv|správa|melding|meddelande|` +
		`meddelelse|besked|viesti|üzenet|mesaj|ileti|poruka|メッセージ|メール|邮件|郵件|메시지|메일`)
	// forwarded is the same without dashes.
	forwarded = regexp.MustCompile(`(?i)^(?:begin (?:forwarded|reply) message|forwarded message|original message|anfang der weitergeleiteten (?:nachricht|e-?mail)|début du (?:message|courriel|e-mail) ` +
		`(?:réexpédié|transféré)|inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|início da mensagem (?:re)?encaminhada|begin doorgestuurd bericht|` +
		`początek przekazywanej wiadomości|начало переадресованного (?:сообщения|письма)|転送されたメッセージ|转发的?邮件|下面是被转发的邮件|開始轉寄郵件|전달된 (?:메시지|메일))\s?[:：]$`)
	// signature is what apps put under a message by themselves; sureSignature is what nobody writes.
	sureSignature = regexp.MustCompile(`(?i)^(?:sent from my .{1,30}|get outlook for .{1,60})$`)
	signature     = regexp.MustCompile(`(?i)^[(<]?(?:sent (?:from|via|with|using) .{1,60}|` +
		`von meinem .{1,40} gesendet|gesendet (?:von|mit|aus) .{1,60}|diese nachricht wurde von .+ gesendet|holen sie sich outlook für .+|outlook für .{3,20} (?:beziehen|herunterladen).*|` +
		`envoyé (?:de|depuis|à partir) .{1,60}|télécharger outlook pour .+|obtenir outlook pour .+|enviado (?:desde|do|a partir do|de) (?:mi|meu|outlook|yahoo|correo|iphone|e-mail).{0,40}|obtener outlook para .+|` +
		`obter o outlook para .+|inviato da(?:l| ).{1,40}|scarica outlook per .+|ottieni outlook per .+|verzonden (?:vanaf|met|via) .{1,60}|verstuurd vanaf .{1,40}|outlook voor .{3,20} downloaden.*|` +
		`wysłan[eoy] z .{1,40}|pobierz (?:aplikację )?outlook.{1,40}|отправлено (?:с|из) .{1,40}|скачать outlook для .+|i?phoneから送信|.{1,20}から送信|发自我的.{1,20}|發自我的.{1,20}|从我的.{1,20}发送|從我的.{1,20}傳送|` +
		`获取 ?outlook.+|나의 .{1,20}에서 보냄|내 .{1,20}에서 보냄|.{1,20}에서 보냄)[)>]?$`)
)

// cameByMail tells whether a text has something that only e-mails have.
func cameByMail(s string) bool {
	return strings.Contains(s, stars) || githubAddress.MatchString(s) || footer.MatchString(s)
}
