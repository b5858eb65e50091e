package plan

import "testing"

func TestNeutral(t *testing.T) {
	for in, want := range map[string]string{
		"a\u202eb \u2066c":               "ab c",
		"ask @alice":                     "ask @\u200balice",
		"see #12 and GH-7":               "see #\u200b12 and GH-\u200b7",
		"https://example.com/@alice#12":  "https://example.com/@alice#12",
		"https://@alice/x":               "https://@\u200balice/x",
		"&#64;alice &commat;bob a & b":   "&amp;#\u200b64;alice &amp;commat;bob a & b",
		"https://example.com/?a=1&b=2;c": "https://example.com/?a=1&b=2;c",
		"[docs](https://a.bc)@alice":     "[docs](https://a.bc)@\u200balice",
		"`https://a.bc/x`@alice #1":      "`https://a.bc/x`@\u200balice #\u200b1",
		"[#](https://a.bc)#12":           "[#](https://a.bc)#\u200b12",
		"*https://a.bc/x*@alice":         "*https://a.bc/x*@\u200balice",
		"xhttps://a.bc/@alice":           "xhttps://a.bc/@\u200balice",
		"https://a.bc/Go_(x)#12":         "https://a.bc/Go_(x)#12",
	} {
		if got := Neutral(in); got != want {
			t.Errorf("Neutral(%q) = %q, want %q", in, got, want)
		}
	}
}
