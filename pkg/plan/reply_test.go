package plan

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestReplyText: one comment answers an event: what it says, to whom, and what was done all the same.
func TestReplyText(t *testing.T) {
	six := []string{"`1`", "`2`", "`3`", "`4`", "`5`", "`6`"}
	for _, c := range []struct {
		name    string
		answer  Answer
		trouble []string
		want    string
	}{
		{"one thing", Answer{To: "bob", Text: []string{"No."}}, nil, "@bob: No."},
		{"one thing, to nobody", Answer{Text: []string{"No."}}, nil, "No."},
		{"trouble only", Answer{To: "bob"}, []string{"GitHub refused."}, "@bob: GitHub refused."},
		{"several", Answer{To: "bob", Text: []string{"No.", "Nor\n\nthis."}}, nil, "@bob:\n\n- No.\n- Nor\n\n  this."},
		{"trouble goes first", Answer{Text: []string{"No."}}, []string{"Refused."}, "\n\n- Refused.\n- No."},
		{"what was done", Answer{Text: []string{"No."}, OK: six[:2]}, nil, "No.\n\nDone: `1`, `2`."},
		{"one thing was done", Answer{Text: []string{"No."}, OK: six[:1]}, nil, "No.\n\nDone: `1`."},
		{"five things were done", Answer{Text: []string{"No."}, OK: six[:5]}, nil, "No.\n\nDone: `1`, `2`, `3`, `4`, `5`."},
		{"much was done", Answer{Text: []string{"No."}, OK: six}, nil, "No.\n\nDone: `1`, `2`, `3`, `4`, `5` and 1 more."},
		{"what trouble befell is not known", Answer{Text: []string{"No."}, OK: six}, []string{"Refused."}, "\n\n- Refused.\n- No."},
		{"no line is a command", Answer{Text: []string{"/close\n  /reopen"}}, nil, "\\/close\n  \\/reopen"},
	} {
		if got := c.answer.ReplyText(c.trouble); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestMarkers: ddbot finds its own comments again by a hidden last line, and only by that.
func TestMarkers(t *testing.T) {
	body := Answer{ID: "c7", Text: []string{"No."}}.ReplyBody(nil)
	if body != "No.\n\n<!-- ddbot:re=c7 -->" {
		t.Errorf("%q", body)
	}
	for _, c := range []struct {
		body                string
		marked, by, answers bool
	}{
		{body, true, true, true},
		{body + "\n \n", true, true, true},
		{"No.\n\n<!-- ddbot:re=c7-12-ab -->", true, false, true},
		{"No.\n\n<!-- ddbot:re=c71 -->", true, false, false},
		{"No.\n\n<!-- ddbot:stale -->", true, false, false},
		{body + "\nMore.", false, false, false},
		{"> " + strings.ReplaceAll(body, "\n", "\n> ") + "\n\nWhy?", false, false, false},
		{"No.", false, false, false},
	} {
		if Marked(c.body) != c.marked || MarkedBy(ReplyMarker("c7"))(c.body) != c.by || Answers("c7")(c.body) != c.answers {
			t.Errorf("%q: marked %v, by that %v, answers %v", c.body, Marked(c.body), MarkedBy(ReplyMarker("c7"))(c.body), Answers("c7")(c.body))
		}
	}
}

// TestComment: what is too long for GitHub is cut, never the marker.
func TestComment(t *testing.T) {
	for _, length := range []int{10, MaxComment - 30, MaxComment - 20, MaxComment, 2 * MaxComment} {
		body := Comment(strings.Repeat("é", length), Marker("k"))
		if n := utf8.RuneCountInString(body); n > MaxComment || !MarkedBy(Marker("k"))(body) || strings.Contains(body, "…") != (length > MaxComment-20) {
			t.Errorf("of %d characters %d are left, marked %v", length, n, MarkedBy(Marker("k"))(body))
		}
	}
	if got := Comment("\u00a0/close\n/x", Marker("k")); got != "\u00a0\\/close\n\\/x\n\n<!-- ddbot:k -->" {
		t.Errorf("%q", got)
	}
}

// TestQuote: somebody's words stay within the code that shows them.
func TestQuote(t *testing.T) {
	long := strings.Repeat("é", 81)
	for in, want := range map[string]string{
		"a":                 "`a`",
		"  a \t\n b  ":      "`a b`",
		"a`b":               "`a'b`",
		"":                  "(nothing)",
		" \x00\u202e ":      "(nothing)",
		"a\u202eb":          "`ab`",
		long:                "`" + long[:2*79] + "…`",
		long[:2*80]:         "`" + long[:2*80] + "`",
		"\x07bell\u2066ish": "`bellish`",
	} {
		if got := Quote(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
