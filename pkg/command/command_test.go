package command

import (
	"slices"
	"strings"
	"testing"
)

func lines(cmds []Command) []string {
	var out []string
	for _, c := range cmds {
		out = append(out, strings.Join(c.Words, "/")+"|"+c.Rest)
	}
	return out
}

func TestParse(t *testing.T) {
	mail := "/remove-lifecycle stale\r\n\r\nOn Tue, 22 Feb 2022, kubevirt-bot wrote:\r\n\r\n> Issues go stale after 90d of inactivity.\r\n" +
		"> Mark the issue as fresh with `/remove-lifecycle stale`.\r\n>\r\n> /lifecycle stale\r\n> /close\r\n"
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"plain", "/dd done technical", []string{"dd|done technical"}},
		{"CRLF", "hello\r\n/dd done technical\r\nbye\r\n", []string{"dd|done technical"}},
		{"lone CR", "hello\r/close\rbye", []string{"close|"}},
		{"case and blanks", "/DD \t Done  Technical \t", []string{"dd|Done  Technical"}},
		{"slashes", "/dd/status in-voting\n/remove-dd/triage needs-adopters", []string{"dd/status|in-voting", "remove-dd/triage|needs-adopters"}},
		{"two in one comment", "/dd done a\n/close", []string{"dd|done a", "close|"}},
		{"up to three spaces", "   /close", []string{"close|"}},
		{"four spaces are code", "    /close", nil},
		{"a tab is code", "\t/close", nil},
		{"four spaces in a paragraph", "text\n    /close", nil},
		{"in a sentence", "please /close", nil},
		{"quote", "> /close", nil},
		{"lazy line of a quote", "> Mark it with\n/close", nil},
		{"after a quote", "> quoted\n\n/close", []string{"close|"}},
		{"fence", "```\n/close\n```\n/reopen", []string{"reopen|"}},
		{"tilde fence, not closed", "~~~\n/close", nil},
		{"inline code", "`\n/close\n`", nil},
		{"HTML comment", "<!-- /close -->\n<!--\n/close\n-->", nil},
		{"HTML comment in a paragraph", "text <!--\n/close\n--> more", nil},
		{"what HTML does not show", "<?x\n/close\n?>\n\n<![CDATA[\n/close\n]]>\n\n<!X\n/close\n>", nil},
		{"a colon too many", "/lifecycle: frozen\n/dd/status: in-voting\n/close::", []string{"lifecycle|frozen", "dd/status|in-voting"}},
		{"after an HTML comment", "<!-- x -->\n\n/close", []string{"close|"}},
		{"details", "<details>\n/close\n</details>", []string{"close|"}},
		{"pre", "<pre>\n/close\n</pre>", nil},
		{"link text", "[see\n/close](https://example.com)", nil},
		{"link definition", "[x]:\n/close\n", nil},
		{"list item", "- /close", nil},
		{"path", "/etc/passwd is a file", []string{"etc/passwd|is a file"}},
		{"not a word", "/1close\n//close\n/ close\n/close!", nil},
		{"pretty dash", "/remove–lifecycle stale", []string{"remove-lifecycle|stale"}},
		{"no-break space", "/lifecycle\u00a0stale", []string{"lifecycle|stale"}},
		{"invisible before it", "\u200b/close\n\ufeff\u202a/reopen\u202c\n\u00a0/lifecycle stale\n  \u2060/shrug", []string{"close|", "reopen|", "lifecycle|stale", "shrug|"}},
		{"invisible in it", "/clo\u00adse\u200b\n/assign\u00a0@bob\u200e,\u2003@\u200bcarol\ufeff\n/dd\u3000done\u202fx", []string{"close|", "assign|@bob, @carol", "dd|done x"}},
		{"joiners in words stay", "/retitle می\u200cخواهم 👩\u200d💻 x\u200d", []string{"retitle|می\u200cخواهم 👩\u200d💻 x"}},
		{"e-mail reply of the seed", mail, []string{"remove-lifecycle|stale"}},
		{"none", "just text", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Parse(tc.text)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(lines(got), tc.want) {
				t.Errorf("got %q, want %q", lines(got), tc.want)
			}
		})
	}
}

func TestLineNumbers(t *testing.T) {
	got, err := Parse("a\r\n/close\n\n   /reopen")
	if err != nil || len(got) != 2 || got[0].No != 2 || got[1].No != 4 || got[1].Line != "/reopen" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAdded(t *testing.T) {
	for _, tc := range []struct {
		name, before, now string
		want              []string
	}{
		{"typo mended", "/dd done tecnical\n/close", "/dd done technical\n/close", []string{"dd|done technical"}},
		{"only blanks changed", "/dd  done x", "text\n\n/DD done   x", nil},
		{"twice now", "/close", "/close\n\n/close", []string{"close|"}},
		{"taken out of a fence", "```\n/close\n```", "/close", []string{"close|"}},
		{"removed", "/close", "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Added(tc.before, tc.now)
			if err != nil || !slices.Equal(lines(got), tc.want) {
				t.Errorf("got %q %v, want %q", lines(got), err, tc.want)
			}
		})
	}
}

func TestHostile(t *testing.T) {
	if _, err := Parse("/close\n" + strings.Repeat("- ", 1000) + strings.Repeat("\n", 20000)); err == nil {
		t.Error("a text that costs gigabytes was parsed")
	}
	got, err := Parse(strings.Repeat("/dd done x\n", 5900))
	if err != nil || len(got) != 5900 {
		t.Errorf("got %d commands, %v", len(got), err)
	}
}

// TestText: what stands below a command, up to the next one, is its text.
func TestText(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"none", "/a\n/b x\n\n", []string{"", ""}},
		{"lines", "/a x\none\r\ntwo  \n/b", []string{"one\ntwo", ""}},
		{"paragraphs", "hello\n/a\n\none\n\n\ntwo\n\n", []string{"one\n\n\ntwo"}},
		{"up to another bot's command", "/a\none\n/lgtm\ntwo", []string{"one", "two"}},
		{"with what is no command", "/a\n```\n/b\n```\n> /c\n  /1d", []string{"```\n/b\n```\n> /c\n  /1d"}},
		{"without what is hidden", "/a\none <!-- x\ny --> two\n<!-- z -->", []string{"one  two"}},
		{"not a quoted message", "/a\none\n\nOn 2 Feb 2026, Carol wrote:\n\n> two\n\nthree", []string{"one"}},
		{"not a quoted message without a frame", "/a\none\n\n> two\n> Reply to this email directly, view it on GitHub", []string{"one"}},
		{"not a signature", "/a\none\n\nSent from my iPhone", []string{"one"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Parse(tc.text)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, c := range got {
				texts = append(texts, c.Text)
			}
			if !slices.Equal(texts, tc.want) {
				t.Errorf("got %q, want %q", texts, tc.want)
			}
		})
	}
}

// FuzzParse: it never panics; each command is a line of the text, but for hidden comments, and its words and text are clean.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"/dd done technical", "> /x\n/y", "```\n/a\n```\n/b", "<!--\n/a\n-->\n/b", "a\r/b\r\n/c", "<details>\n/a",
		"/a\nb\n\nc\n/d", "\u200b/a\u00a0b\nc", "/a\nOn 2 Feb 2026, b@example.com wrote:\n/c", "/a\nFrom: b ***@***.***>\nSent: c\n/d", "- /a\nPlease /b!\n/c-d."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 10000 {
			return
		}
		cmds, err := Parse(s)
		if err != nil {
			return
		}
		for i, c := range cmds {
			if !strings.HasPrefix(c.Line, "/") || !strings.Contains(s, "<!--") && !strings.Contains(s, c.Line) || len(c.Words) == 0 || c.No < 1 {
				t.Fatalf("%+v is not in %q", c, s)
			}
			if c.Rest != strings.TrimSpace(c.Rest) || strings.ContainsAny(c.Rest, "\u200b\u00a0\u202e") || strings.Contains(c.Text, "\r") {
				t.Fatalf("%+v is not clean", c)
			}
			if i > 0 && c.No <= cmds[i-1].No {
				t.Fatalf("%+v stands before %+v", c, cmds[i-1])
			}
		}
		again, err := Added(s, s)
		if err != nil || len(again) > 0 {
			t.Fatalf("the same text added %v, %v", again, err)
		}
		if near, err := Near(s); err == nil {
			for _, c := range near {
				if len(c.Words) == 0 || slices.ContainsFunc(cmds, func(d Command) bool { return d.No == c.No }) {
					t.Fatalf("%+v is one of %+v", c, cmds)
				}
			}
		}
	})
}
