package checklist

import "testing"

// TestNamedByNumber: a heading that is a number gives no address to its list where a number means an item.
func TestNamedByNumber(t *testing.T) {
	for body, want := range map[string]string{
		"## 2026\n\n- [ ] It holds\n- [ ] It scales\n":                             "all.1",
		"9\x02\x00\r- [ ] b":                                                       "all.1",
		"## 2026\n\n- [ ] It holds\n\n## 2027\n\n- [ ] It scales\n":                "2026.1",
		"# Years\n\n## 2026\n\n- [ ] It holds\n\n## 2027\n\n- [ ] It scales too\n": "2026.1",
	} {
		l, err := Parse(body)
		if err != nil {
			t.Fatal(err)
		}
		got := l.Items()[0].Ref
		if m, err := l.Resolve(got); got != want || err != nil || len(m) != 1 || len(m[0].Items) != 1 || m[0].Items[0].Ref != got {
			t.Errorf("%q: %s, want %s; %v, %v", body, got, want, m, err)
		}
		for _, ref := range l.Sections() {
			if m, err := l.Resolve(ref); err != nil || len(m[0].Items) == 0 {
				t.Errorf("%q: the section %q is %v, %v", body, ref, m, err)
			}
		}
	}
}
