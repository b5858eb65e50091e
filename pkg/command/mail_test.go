package command

import (
	"errors"
	"strings"
	"testing"
)

// frames are how mail programs begin what they quote, as GitHub shows it: with addresses, or with stars for them.
var frames = map[string]string{
	// Outlook and what writes headers
	"Outlook":                    "From: Carol <notifications@github.com>\nSent: Monday, February 2, 2026 10:00 AM\nTo: acme/toc <toc@noreply.github.com>\nSubject: Re: [acme/toc] Move (#1)",
	"Outlook, line":              "________________________________\nFrom: Carol ***@***.***>\nSent: 02 February 2026 10:00\nTo: acme/toc ***@***.***>\nSubject: Re: [acme/toc] Move (Issue #1)",
	"Outlook, names only":        "From: Carol\nSent: Monday, February 2, 2026 10:00 AM\nTo: acme/toc\nSubject: Re: [acme/toc] Move (#1)",
	"Outlook, bold":              "*From:* Carol ***@***.***>\n*Sent:* Monday, 2 February 2026 10:00\n*To:* acme/toc ***@***.***>\n*Subject:* Re: [acme/toc] Move (#1)",
	"bold as Markdown":           "**From:** Carol <notifications@github.com>\n**Date:** Monday, 2 February 2026\n**To:** acme/toc",
	"bold, HTML":                 "<b>From:</b> Carol<br>\n<b>Sent:</b> Monday<br>\n<b>To:</b> acme/toc<br>\n<b>Subject:</b> Move",
	"blank lines between":        "From: Carol\n\nSent: Monday, February 2, 2026\n\nTo: acme/toc\n\nSubject: Move",
	"wrapped":                    "From: A Person With A Very Long Name\n<notifications@github.com>\nSent: Monday, February 2, 2026 10:00 AM\nTo: acme/toc",
	"all in one line":            "From: Carol ***@***.***> Sent: Monday, 2 February 2026 10:00 To: acme/toc Subject: Re: Move",
	"Original Message":           "-----Original Message-----\nFrom: Carol\nSent: Monday",
	"Original Message alone":     "-------- Original message --------",
	"Forwarded message":          "---------- Forwarded message ---------\nFrom: Carol",
	"Yahoo":                      "   ----- Forwarded Message ----- From: Carol <c@example.com>To: bob <b@example.com>Sent: Monday, 2 February 2026Subject: Move",
	"Begin forwarded":            "Begin forwarded message:",
	"Outlook, German":            "Von: Carol ***@***.***>\nGesendet: Montag, 2. Februar 2026 10:00\nAn: acme/toc ***@***.***>\nBetreff: Re: [acme/toc] Move (#1)",
	"Outlook, German, no space":  "Von: Carol\nGesendet: Montag, 2. Februar 2026 10:00\nAn: acme/toc\nCc: bob\nBetreff: AW: Move",
	"Outlook, French":            "De : Carol <notifications@github.com>\nEnvoyé : lundi 2 février 2026 10:00\nÀ : acme/toc\nObjet : Re: [acme/toc] Move (#1)",
	"Outlook, French, NBSP":      "De\u00a0: Carol\nEnvoyé\u00a0: lundi 2 février 2026 10:00\nÀ\u00a0: acme/toc\nObjet\u00a0: Move",
	"Outlook, Spanish":           "De: Carol\nEnviado el: lunes, 2 de febrero de 2026 10:00\nPara: acme/toc\nAsunto: Re: Move",
	"Outlook, Portuguese":        "De: Carol\nEnviada em: segunda-feira, 2 de fevereiro de 2026 10:00\nPara: acme/toc\nAssunto: Re: Move",
	"Outlook, Italian":           "Da: Carol\nInviato: lunedì 2 febbraio 2026 10:00\nA: acme/toc\nOggetto: Re: Move",
	"Outlook, Dutch":             "Van: Carol\nVerzonden: maandag 2 februari 2026 10:00\nAan: acme/toc\nOnderwerp: Re: Move",
	"Outlook, Polish":            "Od: Carol\nWysłano: poniedziałek, 2 lutego 2026 10:00\nDo: acme/toc\nTemat: Re: Move",
	"Outlook, Russian":           "От: Carol\nОтправлено: 2 февраля 2026 г. 10:00\nКому: acme/toc\nТема: Re: Move",
	"Outlook, Japanese":          "差出人: Carol\n送信日時: 2026年2月2日 10:00\n宛先: acme/toc\n件名: Re: Move",
	"Outlook, Chinese":           "发件人: Carol\n发送时间: 2026年2月2日 10:00\n收件人: acme/toc\n主题: Re: Move",
	"Outlook, Chinese, Taiwan":   "寄件者: Carol\n寄件日期: 2026年2月2日 10:00\n收件者: acme/toc\n主旨: Re: Move",
	"Outlook, Korean":            "보낸 사람: Carol\n보낸 날짜: 2026년 2월 2일 월요일 오전 10:00\n받는 사람: acme/toc\n제목: Re: Move",
	"Lotus Notes":                "From:        Carol\nTo:        acme/toc\nDate:        02/02/2026 10:00 AM\nSubject:        Move",
	"QQ":                         "------------------&nbsp;原始邮件&nbsp;------------------\n发件人: \"acme/toc\" ***@***.***&gt;;\n发送时间:&nbsp;2026年2月2日(星期一) 上午10:00",
	"QQ, English":                "------------------ Original ------------------\nFrom: Carol ***@***.***&gt;\nDate: Mon,Feb 2,2026 10:00 AM",
	"NetEase":                    "发件人：Carol\n发送日期：2026-02-02 10:00\n主　题：Re: Move",
	"a language nobody knows":    "Xyz: Carol <notifications@github.com>\nQrs: 2 Zyx 2026\nTuv: acme/toc",
	"a language, with stars":     "Xyz: Carol ***@***.***>\nQrs: 2 Zyx 2026\nTuv: acme/toc ***@***.***>",
	"a language, subject only":   "Xyz: Carol\nQrs: 2 Zyx 2026\nTuv: WX: [acme/toc] Move (Issue #1)",
	"a reply address":            "Xyz: acme/toc <reply+ABC@reply.github.com>",
	"Original in German":         "-----Ursprüngliche Nachricht-----",
	"Original in French":         "-----Message d'origine-----",
	"Original in Spanish":        "-------- Mensaje original --------",
	"Original in Polish":         "----- Oryginalna wiadomość -----",
	"Original in Russian":        "-------- Исходное сообщение --------",
	"Original in Japanese":       "-----元のメッセージ-----",
	"Original in Korean":         "-----원본 메시지-----",
	"Original in Dutch, Italian": "-----Oorspronkelijk bericht-----\n-----Messaggio originale-----",
	"Original in Portuguese":     "-----Mensagem original-----",

	// who wrote, and when
	"Gmail":                       "On Mon, Feb 2, 2026 at 10:00 AM Carol <notifications@github.com> wrote:",
	"Gmail, wrapped":              "On Mon, Feb 2, 2026 at 10:00 AM Carol <notifications@github.com>\nwrote:",
	"Gmail, stars":                "On Mon, Feb 2, 2026 at 10:00 AM Carol ***@***.***> wrote:",
	"Gmail, wrapped thrice":       "On Mon, Feb 2, 2026 at 10:00 AM A Very Long\nName <\nnotifications@github.com> wrote:",
	"Apple Mail":                  "On 2. Feb 2026, at 10:00, Carol wrote:",
	"Yahoo, indented":             "    On Monday, February 2, 2026, 10:00:00 AM CST, Carol ***@***.***> wrote:  ",
	"Thunderbird":                 "Am 02.02.26 um 10:00 schrieb Carol:",
	"Gmail, German":               "Am Mo., 2. Feb. 2026 um 10:00 Uhr schrieb Carol <\nnotifications@github.com>:",
	"Inbox, German":               "Carol ***@***.***> schrieb am Mo., 2. Feb. 2026,\n10:00:",
	"Gmail, French":               "Le lun. 2 févr. 2026 à 10:00, Carol ***@***.***> a écrit :",
	"Gmail, French, no address":   "Le lun. 2 févr. 2026 à 10:00, Carol a écrit\u00a0:",
	"Gmail, Spanish":              "El lun, 2 feb 2026 a las 10:00, Carol (***@***.***>)\nescribió:",
	"Gmail, Portuguese":           "Em seg., 2 de fev. de 2026 às 10:00, Carol ***@***.***>\nescreveu:",
	"Gmail, Italian":              "Il giorno lun 2 feb 2026 alle ore 10:00 Carol ***@***.***> ha\nscritto:",
	"Gmail, Dutch":                "Op ma 2 feb 2026 om 10:00 schreef Carol ***@***.***>:",
	"iPhone, Dutch":               "Op 2 feb. 2026 om 10:00 heeft Carol het volgende geschreven:",
	"Gmail, Polish":               "pon., 2 lut 2026 o 10:00 Carol ***@***.***> napisał(a):",
	"Thunderbird, Polish":         "W dniu 2.02.2026 o 10:00, Carol pisze:",
	"Gmail, Russian":              "пн, 2 февр. 2026 г. в 10:00, Carol <notifications@github.com>:",
	"Apple Mail, Russian":         "2 февр. 2026 г., в 10:00, Carol написал(а):",
	"mail.ru":                     "Понедельник, 2 февраля 2026, 10:00 +03:00 от Carol <notifications@github.com>:",
	"Yandex":                      "02.02.2026, 10:00, \"Carol\" <notifications@github.com>:",
	"Gmail, Japanese":             "2026年2月2日(月) 10:00 Carol ***@***.***>:",
	"Apple Mail, Japanese":        "2026/02/02 10:00、Carolのメール:",
	"Gmail, Chinese":              "Carol ***@***.***> 于2026年2月2日周一 10:00写道：",
	"Apple Mail, Chinese":         "在 2026年2月2日，上午10:00，Carol 写道：",
	"NetEase, English":            "At 2026-02-02 10:00:00, \"Carol\" ***@***.***> wrote:",
	"Gmail, Korean":               "2026년 2월 2일 (월) 오전 10:00, Carol ***@***.***>님이 작성:",
	"Apple Mail, Korean":          "2026. 2. 2. 오전 10:00, Carol 작성:",
	"Swedish":                     "Den mån 2 feb. 2026 10:00 Carol ***@***.***> skrev:",
	"Norwegian":                   "Den 2. feb. 2026 kl. 10.00 skrev Carol:",
	"Finnish":                     "Carol <notifications@github.com> kirjoitti 2.2.2026 klo 10.00:",
	"Turkish":                     "Carol <notifications@github.com>, 2 Şub 2026 Pzt, 10:00 tarihinde şunu yazdı:",
	"a language, address":         "Xyz 2 Qrs 2026 10:00, Carol <notifications@github.com> tuv:",
	"Aliyun":                      "------------------------------------------------------------------\n发件人：Carol ***@***.***>\n发送时间：2026年2月2日(星期一) 10:00\n收件人：acme/toc\n主　题：Re: Move",
	"Gmail, Portugal":             "Carol ***@***.***> escreveu (segunda, 2/02/2026 à(s) 10:00):",
	"Apple Mail, Polish, passive": "Wiadomość napisana przez Carol <notifications@github.com> w dniu 2 lut 2026, o godz. 10:00:",
	"Thunderbird, Taiwan":         "Carol 於 2026/2/2 上午 10:00 寫道:",
	"Thunderbird, Korean":         "2026-02-02 오전 10:00에 Carol 이(가) 쓴 글:",
	"Tuta":                        "2 Feb 2026, 10:00 by notifications@github.com:",
	"Zimbra":                      "- On 2026-02-02 10:00, Carol wrote:",
	"Zimbra, French":              "- Le 2026-02-02 10:00, Carol a écrit :",
	"Zoho, German":                "---- Am Mo., 02 Feb. 2026 10:00:00 +0100 schrieb Carol ***@***.***> ----",
	"Zoho, Chinese":               "---- 在 星期一, 2026-02-02 10:00:00 Carol ***@***.***> 撰写 ----",
	"Zoho, Japanese":              "---- 2026/02/02 10:00:00 +0900 Carol ***@***.***> が作成しました ----",
	"Zoho, Korean":                "---- 2026-02-02 10:00:00 +0900 Carol ***@***.***> 님이 작성함 ----",
	"Zoho":                        "---- On Mon, 02 Feb 2026 10:00:00 +0000 Carol ***@***.***> wrote ---",
	"Zoho, no dashes":             "On Mon, 02 Feb 2026 10:00:00 +0000 carol@example.com wrote",
	"Proton":                      "------- Original Message -------\nOn Monday, February 2nd, 2026 at 10:00, Carol ***@***.***> wrote:",
	"old Gmail":                   "2026-02-02 10:00 GMT+01:00 Carol <notifications@github.com>:",
	"an address and wrote":        "Carol <carol@example.com> wrote:",
	"in a code block's dress":     "\tFrom: Carol <notifications@github.com>\n\tSent: Monday",
}

// TestFrames: with a frame and below it an outsider's commands, only those above the frame run.
func TestFrames(t *testing.T) {
	for name, frame := range frames {
		for _, eol := range []string{"\n", "\r\n"} {
			text := strings.ReplaceAll("/reopen\nPlease do not.\n\n"+frame+"\n\nAll is there.\n\n/dd done all\n/close\n", "\n", eol)
			got, err := Parse(text)
			if err != nil || len(got) != 1 || got[0].Words[0] != "reopen" {
				t.Errorf("%s: got %q %v", name, lines(got), err)
				continue
			}
			if got[0].Text != "Please do not." {
				t.Errorf("%s: the text is %q", name, got[0].Text)
			}
		}
	}
}

const githubEnd = "—\nReply to this email directly, view it on GitHub<https://github.com/acme/toc/issues/1>, or unsubscribe.\n" +
	"You are receiving this because you were mentioned.Message ID: <acme/toc/issues/1@github.com>\n"

// TestMail: what is quoted does not count, and what is not does.
func TestMail(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"header right below the command", "/close\nFrom: Carol <notifications@github.com>\nSent: Monday\n\n/reopen", []string{"close|"}},
		{"answer below what is marked as quoted", "On Mon, Feb 2, 2026 at 10:00 AM Carol <notifications@github.com> wrote:\n\n> Can you?\n> " + githubEnd[:8] + "\n\nYes.\n\n/close", []string{"close|"}},
		{"answers between what is marked", "On 2 Feb 2026, Carol wrote:\n> One?\n\nYes.\n\n/reopen\n\n> Two?\n\n/close", []string{"reopen|", "close|"}},
		{"frame in a quote", "> On Mon, Feb 2, 2026 at 10:00 AM A Very Long Name <\nnotifications@github.com> wrote:\n>> One?\n\n/close", []string{"close|"}},
		{"an app's signature", "/reopen\n\nSent from my iPhone\n\n/close", []string{"reopen|"}},
		{"signature in an e-mail", "/reopen\n\n--\nAnn, ***@***.***\n/close", []string{"reopen|"}},
		{"signature with its blank", "/reopen\n-- \nAnn\n/close", []string{"reopen|"}},
		{"underscores and GitHub's end", "/reopen\n\n________________________________\nXyz: Carol\n/close\n\n" + githubEnd, []string{"reopen|"}},

		// written on GitHub
		{"a header that somebody shows in a fence", "```\nFrom: Carol <notifications@github.com>\nSent: Monday\nTo: me\n```\n/close", []string{"close|"}},
		{"a quoted header", "> From: Carol <notifications@github.com>\n> Sent: Monday\n\n/close", []string{"close|"}},
		{"a command above a pasted header", "/close\n\nFrom: Carol <c@example.com>\nSent: Monday\nTo: me\n\n> text", []string{"close|"}},
		{"a contact", "Name: Ann\nMail: ann@example.com\nSince: 2019\n\n/close", []string{"close|"}},
		{"a sentence with a colon", "On 3 May we decided this:\n\n/close", []string{"close|"}},
		{"headers of one's own", "From: the TOC\nTo: do\n\n/close", []string{"close|"}},
		{"an address", "Ask notifications@github.com if in doubt.\n\n/close", []string{"close|"}},
		{"a rule", "text\n\n_____\n\n/close\n\n--\n\n/reopen", []string{"close|", "reopen|"}},
		{"a date", "Date: 2026-05-01\nA: yes\n\n/close", []string{"close|"}},
		{"a title between dashes", "--- Agenda ---\n\n/close", []string{"close|"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Parse(tc.text)
			if err != nil || strings.Join(lines(got), ",") != strings.Join(tc.want, ",") {
				t.Errorf("got %q %v, want %q", lines(got), err, tc.want)
			}
		})
	}
}

// TestUnclear: above GitHub's last lines, without a beginning that is known, nobody can tell whose words are whose.
func TestUnclear(t *testing.T) {
	_, err := Parse("No.\n\nxyz\n/close\n\n" + githubEnd)
	if _, ok := errors.AsType[*UnclearError](err); !ok {
		t.Errorf("got %v", err)
	}
	if got, err := Parse("> xyz\n> /close\n>\n> Reply to this email directly, view it on GitHub\n\n/reopen"); err != nil || len(got) != 1 {
		t.Errorf("got %q %v", lines(got), err)
	}
}

// BenchmarkMail: what costs most is still read in a fraction of a second.
func BenchmarkMail(b *testing.B) {
	for _, piece := range []string{"To:\n", "Xy: 1\n", "On 1 2026 a@b.c:\n", "From: a To: b ", "<b>", "-- x --\n", "/a\n<!--x-->\n", "> a\n\nOn 1 wrote:\n"} {
		text := "/close\n" + strings.Repeat(piece, 60000/len(piece))
		b.Run(piece, func(b *testing.B) {
			for b.Loop() {
				_, _ = Parse(text)
			}
		})
	}
}

// BenchmarkNone: most comments hold no command; they are looked through once for commands, once for what is near one.
func BenchmarkNone(b *testing.B) {
	text := strings.Repeat("Thanks for the review, this looks right to me.\n\n- see https://example.com/a/b for more\n- and the docs\n\nPlease have a look.\n", 8)
	b.Run("commands", func(b *testing.B) {
		for b.Loop() {
			_, _ = Parse(text)
		}
	})
	b.Run("near", func(b *testing.B) {
		for b.Loop() {
			_, _ = Near(text)
		}
	})
}
