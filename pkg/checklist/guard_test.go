package checklist

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"
)

// hostile are bodies that are cheap to send and dear to read. Those that are not refused must be read in a moment.
func hostile() map[string]string {
	all := hostileText()
	maps.Copy(all, hostileBlocks())
	return all
}

// hostileBlocks are made of nesting, lists, tables and headings.
func hostileBlocks() map[string]string {
	rep := strings.Repeat
	stairs := func(step string) string {
		var b strings.Builder
		for i := 0; b.Len() < 60000; i++ {
			b.WriteString(rep(step, i) + "- [ ] a\n")
		}
		return b.String()
	}
	return map[string]string{
		"list markers and blank lines":  rep("- ", 1000) + "\n" + rep("\n", 20000),
		"list markers and CRLF lines":   rep("- ", 1000) + "\r\n" + rep("\r\n", 20000),
		"list markers and CR lines":     rep("- ", 1000) + "\r" + rep("\r", 20000),
		"deep list and blank lines":     rep("- ", 4000) + "a\n" + rep("\n", 57000),
		"quoted blank lines":            "> " + rep("- ", 500) + "a\n" + rep(">\n", 30000),
		"ordered markers":               rep("1. ", 1000) + "a\n" + rep("\n", 60000),
		"quotes":                        rep(">", 65000),
		"quotes with blanks":            rep("> ", 32000) + "a",
		"markers only":                  rep("- ", 32000) + "a",
		"markers, many lines":           rep(rep("- ", 300)+"a\n", 100),
		"tabs":                          rep(rep("\t", 100)+"- a\n", 600),
		"stairs":                        stairs("  "),
		"stairs of tabs":                stairs("\t"),
		"stairs, then blank lines":      stairs("  ")[:30000] + rep("\n", 30000),
		"table":                         rep("|a", 8000) + "\n" + rep("|-", 8000) + "\n" + rep("|\n", 16000),
		"headings":                      rep("# a\n- [ ] a\n", 5400),
		"headings of all levels":        rep("# a\n## a\n### a\n#### a\n##### a\n###### a\n- [ ] a\n", 1300),
		"items":                         rep("- [ ] a\n", 8000),
		"items with one letter, nested": rep("- [ ] a\n  - [ ] a\n", 3500),
		"one long paragraph":            "- [ ] " + rep("a\n", 32000),
		"long parent, many children":    "- [ ] " + rep("word ", 6000) + "\n" + rep("  - [ ] a\n", 3400),
		"summary":                       "<summary" + rep("<", 60000) + "\n\n- [ ] a\n",
		"long heading":                  "# " + rep("word ", 13000) + "\n- [ ] a\n",
		"headings that differ in length": func() string {
			s := ""
			for i := 1; len(s) < 60000; i++ {
				s += "# " + rep("a ", i) + "\n- [ ] a\n"
			}
			return s
		}(),
	}
}

// hostileText are made of what stands in a paragraph.
func hostileText() map[string]string {
	rep := strings.Repeat
	return map[string]string{
		"opening brackets":      "- [ ] " + rep("[", 65000),
		"addresses":             "- [ ] a " + rep("http://b ", 7000),
		"addresses on lines":    "- [ ] a\n\n" + rep("http://b\n", 7000),
		"addresses without end": "- [ ] a " + rep("http://", 9000),
		"tags without end":      "- [ ] a\n\n<p>" + rep("<a href=", 8000),
		"summaries":             "- [ ] a\n\n<p>" + rep("<summary ", 7000),
		"questions":             "- [ ] a\n\n" + rep("a? ", 20000),
		"bracket pairs":         "- [ ] " + rep("[a](", 16000),
		"bracket pairs, nested": "- [ ] " + rep("[", 20000) + "a" + rep("](b)", 10000),
		"pictures":              "- [ ] " + rep("![", 32000),
		"emphasis":              "- [ ] " + rep("*a ", 21000),
		"emphasis, two kinds":   "- [ ] " + rep("*_a ", 16000),
		"emphasis, closed":      "- [ ] " + rep("*a_ ", 16000),
		"emphasis, deep":        "- [ ] " + rep("*a **b ", 9000),
		"asterisks":             "- [ ] a" + rep("*", 65000) + "a",
		"strikes":               "- [ ] " + rep("~a ~~b ", 9000),
		"backticks":             "- [ ] " + rep("`", 65000),
		"backticks of all lengths": func() string {
			s := "- [ ] "
			for i := 1; len(s) < 60000; i++ {
				s += rep("`", i) + " "
			}
			return s
		}(),
		"tildes":            "- [ ] " + rep("~", 65000),
		"escaped backticks": "- [ ] " + rep("\\``\n", 16000),
		"angle brackets":    "- [ ] " + rep("<", 65000),
		"comments":          "- [ ] " + rep("<!-- ", 13000),
		"declarations":      "- [ ] " + rep("<!A ", 16000),
		"instructions":      "- [ ] " + rep("<?", 32000),
		"open tags":         "- [ ] " + rep("<a b=\"", 10000),
		"entities":          "- [ ] " + rep("&amp;", 13000),
		"backslashes":       "- [ ] " + rep("\\", 65000),
		"definitions":       rep("[a]: b\n", 9000),
		"definitions, open": rep("[a]:\n", 12000),
		"definition labels": rep("[", 30000) + "]: b\n",
		"references":        "[a]: b\n\n- [ ] " + rep("[a]", 20000),
	}
}

func TestHostile(t *testing.T) {
	refused := map[string]bool{
		"list markers and blank lines": true, "list markers and CRLF lines": true, "list markers and CR lines": true,
		"deep list and blank lines": true, "quoted blank lines": true, "ordered markers": true, "table": true,
		"stairs, then blank lines": true, "quotes": true, "quotes with blanks": true, "markers only": true,
		"bracket pairs": true, "bracket pairs, nested": true, "emphasis": true, "emphasis, two kinds": true,
		"emphasis, closed": true, "emphasis, deep": true, "strikes": true, "backticks of all lengths": true, "tildes": true,
		"escaped backticks": true,
	}
	const allowed = 5 * time.Second // the dearest takes a tenth; the rest is for busy machines and the race detector
	for name, body := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			l, err := Parse(body)
			took := time.Since(start)
			t.Logf("%d bytes: %v", len(body), took)
			if took > allowed {
				t.Errorf("Parse took %v", took)
			}
			var r *RefusedError
			if err != nil && !errors.As(err, &r) {
				t.Fatalf("error is %T, want *RefusedError", err)
			}
			if refused[name] && err == nil {
				t.Fatal("not refused")
			}
			if !refused[name] && err != nil {
				t.Fatalf("refused: %v", err)
			}
			if err == nil && len(l.Items()) > 0 {
				start = time.Now()
				l.Resolve("thisisnothere")
				l.Resolve(`"not in this text"`)
				l.Resolve(strings.Repeat("a/", 2000) + "a")
				if took := time.Since(start); took > allowed {
					t.Errorf("Resolve took %v", took)
				}
				start = time.Now()
				for _, it := range l.Items() {
					l.Evidence(it)
				}
				if took := time.Since(start); took > allowed {
					t.Errorf("Evidence took %v", took)
				}
			}
		})
	}
}
